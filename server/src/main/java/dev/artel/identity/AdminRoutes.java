package dev.artel.identity;

import dev.artel.http.Caller;
import dev.artel.http.Invalid;
import dev.artel.protocol.UserId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Size;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// What an administrator may do to tokens and people.
@RestController
@Tag(name = "Administration")
final class AdminRoutes {
  /// Later times are none that PostgreSQL could keep, and mean never.
  private static final int YEAR_MAX = 9999;

  private final Identity identity;

  AdminRoutes(Identity identity) {
    this.identity = identity;
  }

  @Schema(name = "RevokeRequest", description = "Either one token by its id, or all of a user's.")
  record RevokeRequest(
      @Schema(description = "The token's `jti`.") @Nullable @Size(min = 1, max = 255) String jti,
      @Schema(
              description =
                  "When the token ends by itself; afterwards its revocation may be forgotten."
                      + " Absent: never.")
          @Nullable OffsetDateTime expiresAt,
      @Schema(description = "Ends every token of this user that was issued until now.")
          @Nullable UUID userId) {}

  @PostMapping("/admin/tokens/revoke")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      operationId = "revokeTokens",
      summary = "End tokens before their time",
      description = "Known to every node within a second; open streams end too.")
  @ApiResponse(responseCode = "204", description = "Revoked")
  @ApiResponse(responseCode = "401", description = "Not authenticated")
  @ApiResponse(responseCode = "403", description = "The role is missing")
  @ApiResponse(responseCode = "422", description = "Neither or both of jti and user_id")
  void revoke(Caller administrator, @Valid @RequestBody RevokeRequest body) {
    UUID user = body.userId();
    String jti = body.jti();
    if (user != null && jti == null) {
      identity.revokeAll(new UserId(user));
    } else if (jti != null && user == null) {
      OffsetDateTime expires = body.expiresAt();
      if (expires != null && expires.getYear() > YEAR_MAX) {
        throw Invalid.at("/expires_at", "must be before the year 10000", "range");
      }
      identity.revokeToken(jti, expires == null ? null : expires.toInstant());
    } else {
      throw Invalid.at("", "give either jti or user_id", "one_of");
    }
  }

  @DeleteMapping("/admin/users/{user_id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      operationId = "deleteUser",
      summary = "Delete a user and everything of theirs",
      description = "Their tokens and streams end, and no earlier token makes them again.")
  @ApiResponse(responseCode = "204", description = "Deleted")
  @ApiResponse(responseCode = "401", description = "Not authenticated")
  @ApiResponse(responseCode = "403", description = "The role is missing")
  @ApiResponse(responseCode = "404", description = "Not an id")
  void delete(Caller administrator, @PathVariable("user_id") UUID user) {
    identity.delete(new UserId(user));
  }
}
