package dev.artel.identity;

import dev.artel.http.Caller;
import dev.artel.http.MeSource;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.UserId;
import dev.artel.protocol.WireCodec;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// Tells callers about themselves: what their token says, and what the other features know.
@RestController
@Tag(name = "Me")
final class MeRoutes {
  private final IdentitySettings settings;
  private final Supplier<List<MeSource>> sources;

  MeRoutes(IdentitySettings settings, Supplier<List<MeSource>> sources) {
    this.settings = settings;
    this.sources = sources;
  }

  /// @param limits numbers by name
  @Schema(name = "Me")
  record Me(
      UserId userId,
      @Schema(example = "[\"system_admin\"]") List<String> roles,
      @Schema(description = "Words that narrow the token; none: not narrowed.") List<String> scopes,
      @Schema(allowableValues = {"local", "production"}) String mode,
      String version,
      @Nullable ProjectId defaultProjectId,
      @Nullable Model model,
      @Schema(
              description =
                  "Numbers by name: what one may send, hold open and have waiting. A request rate of 0: none.",
              example =
                  "{\"message_bytes\": 65536, \"rate_limit_per_minute\": 6000, \"session_queue\": 10}")
          Map<String, Object> limits,
      int pendingApprovals) {

    /// @param demo whether the built-in model answers, which is no real one
    @Schema(name = "MeModel")
    record Model(@Nullable String provider, @Nullable String model, boolean demo) {}
  }

  @GetMapping("/my/me")
  @Operation(operationId = "getMe", summary = "Who the token says you are, and what applies to you")
  @ApiResponse(responseCode = "200", description = "You")
  @ApiResponse(responseCode = "401", description = "Not authenticated")
  Me me(Caller caller) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("pending_approvals", 0);
    var limits = new TreeMap<String, Object>();
    for (MeSource source : sources.get()) {
      source
          .about(caller)
          .forEach((name, value) -> {
            if (name.equals("limits") && value instanceof Map<?, ?> some) {
              some.forEach((limit, most) -> limits.put(String.valueOf(limit), most));
            } else {
              fields.put(name, value);
            }
          });
    }
    fields.put("limits", limits);
    fields.put("user_id", caller.user());
    fields.put("roles", caller.roles().stream().sorted().toList());
    fields.put("scopes", caller.scopes().stream().sorted().toList());
    fields.put("mode", settings.local() ? "local" : "production");
    fields.put("version", settings.version());
    return WireCodec.json().convertValue(fields, Me.class);
  }
}
