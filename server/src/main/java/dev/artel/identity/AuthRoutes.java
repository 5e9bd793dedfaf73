package dev.artel.identity;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.artel.base.Fault;
import dev.artel.protocol.UserId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseCookie;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// Sign-in. The refresh token of a browser lives in a cookie that no script and no other page can
/// use; that of a paired client in its own hands.
@RestController
@Tag(name = "Sign-in")
final class AuthRoutes {
  private static final String COOKIE_PATH = "/auth/refresh";
  private static final String TOKEN_EXAMPLE = "b3BhcXVlLXJlZnJlc2gtdG9rZW4tb2YtNDMtY2hhcmFjdGVycw";

  private final IdentitySettings settings;
  private final OwnOrigin origin;
  private final @Nullable SignIn signIn;

  /// @param signIn null where another issuer signs tokens
  AuthRoutes(IdentitySettings settings, OwnOrigin origin, @Nullable SignIn signIn) {
    this.settings = settings;
    this.origin = origin;
    this.signIn = signIn;
  }

  @Schema(name = "AuthConfig")
  record Ways(
      @Schema(allowableValues = {"local", "production"}) String mode,
      @Schema(example = "[\"link\",\"token\"]") List<String> signIn,
      @Nullable String issuer) {}

  @Schema(name = "LinkRequest")
  record LinkRequest(
      @Schema(description = "From the fragment of the printed address; works once, for 10 minutes.")
          @NotNull
          @Size(min = 1, max = 128)
          String code) {}

  @Schema(name = "RefreshRequest")
  record RefreshRequest(
      @Schema(
              description = "A paired client's token. A browser sends its cookie and no body.",
              example = TOKEN_EXAMPLE)
          @Nullable
          @Size(max = 128)
          String refreshToken) {}

  @Schema(name = "SignedIn")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record SignedIn(
      String accessToken,
      @Schema(example = "Bearer") String tokenType,
      @Schema(description = "Seconds.", example = "900") long expiresIn,
      UserId userId,
      @Schema(description = "Only for a client that sent its token in the body.")
          @Nullable String refreshToken,
      @Schema(description = "Only for a client that sent its token in the body.")
          @Nullable Set<String> scopes) {
    @Override
    public String toString() {
      return "SignedIn[userId=" + userId + "]";
    }
  }

  @GetMapping("/auth/config")
  @Operation(operationId = "getAuthConfig", summary = "How one signs in here")
  @ApiResponse(responseCode = "200", description = "The ways to sign in")
  @ApiResponse(responseCode = "403", description = "Foreign Origin")
  Ways ways(HttpServletRequest request) {
    origin.refuseForeign(request);
    return new Ways(
        settings.local() ? "local" : "production",
        byLink() ? List.of("link", "token") : List.of("token"),
        settings.issuer());
  }

  @PostMapping("/auth/link")
  @Operation(
      operationId = "signInByLink",
      summary = "Exchange the printed one-time code for tokens",
      description = "Local mode. Sets the refresh cookie; the access token is for memory only.")
  @ApiResponse(responseCode = "200", description = "Signed in")
  @ApiResponse(responseCode = "401", description = "The code is unknown, used or expired")
  @ApiResponse(responseCode = "403", description = "Foreign or missing Origin")
  @ApiResponse(responseCode = "404", description = "Production mode")
  @ApiResponse(responseCode = "422", description = "The body does not fit")
  SignedIn link(
      @Valid @RequestBody LinkRequest body,
      HttpServletRequest request,
      HttpServletResponse response) {
    origin.require(request);
    if (!byLink()) {
      throw notHere();
    }
    return inCookie(signIn().byCode(body.code()), request, response);
  }

  @PostMapping("/auth/refresh")
  @Operation(
      operationId = "refreshTokens",
      summary = "Exchange a refresh token for new tokens",
      description =
          "A browser sends its cookie and no body; a paired client sends its token in the body. "
              + "Each refresh token works once; a second use ends everything that grew from it.")
  @ApiResponse(responseCode = "200", description = "New tokens")
  @ApiResponse(responseCode = "401", description = "The token is unknown, used or expired")
  @ApiResponse(responseCode = "403", description = "Foreign Origin, or none with the cookie")
  @ApiResponse(responseCode = "404", description = "Tokens are issued elsewhere")
  @ApiResponse(responseCode = "422", description = "The body does not fit")
  SignedIn refresh(
      @Valid @RequestBody(required = false) @Nullable RefreshRequest body,
      HttpServletRequest request,
      HttpServletResponse response) {
    String ofClient = ofClient(body, request);
    if (ofClient != null) {
      SignIn.Session session = signIn().byRefreshToken(ofClient);
      return signedIn(session, session.refreshToken(), session.scopes());
    }
    try {
      return inCookie(signIn().byRefreshToken(ofBrowser(request)), request, response);
    } catch (Fault refused) {
      setCookie(request, response, "", Duration.ZERO);
      throw refused;
    }
  }

  @DeleteMapping("/auth/refresh")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      operationId = "signOut",
      summary = "Sign out: end the refresh token and all that grew from it")
  @ApiResponse(responseCode = "204", description = "Signed out")
  @ApiResponse(responseCode = "401", description = "The token is unknown or expired")
  @ApiResponse(responseCode = "403", description = "Foreign Origin, or none with the cookie")
  @ApiResponse(responseCode = "404", description = "Tokens are issued elsewhere")
  void signOut(
      @Valid @RequestBody(required = false) @Nullable RefreshRequest body,
      HttpServletRequest request,
      HttpServletResponse response) {
    String ofClient = ofClient(body, request);
    if (ofClient != null) {
      signIn().out(ofClient);
      return;
    }
    String token = ofBrowser(request);
    setCookie(request, response, "", Duration.ZERO);
    signIn().out(token);
  }

  /// The token in the body, if there is one. Without a cookie no browser acts for anyone, so Origin
  /// may be absent.
  private @Nullable String ofClient(@Nullable RefreshRequest body, HttpServletRequest request) {
    origin.refuseForeign(request);
    return body == null ? null : body.refreshToken();
  }

  private String ofBrowser(HttpServletRequest request) {
    origin.require(request);
    String cookie = OwnOrigin.cookie(request);
    if (cookie == null) {
      throw Refusal.CODE.fault();
    }
    return cookie;
  }

  private SignedIn inCookie(
      SignIn.Session session, HttpServletRequest request, HttpServletResponse response) {
    setCookie(request, response, session.refreshToken(), SignIn.REFRESH_LIFE);
    return signedIn(session, null, null);
  }

  private static SignedIn signedIn(
      SignIn.Session session, @Nullable String refreshToken, @Nullable Set<String> scopes) {
    return new SignedIn(
        session.accessToken(),
        "Bearer",
        SignIn.ACCESS_LIFE.toSeconds(),
        session.user(),
        refreshToken,
        scopes);
  }

  private void setCookie(
      HttpServletRequest request, HttpServletResponse response, String value, Duration life) {
    response.addHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    response.addHeader(
        HttpHeaders.SET_COOKIE,
        ResponseCookie.from(OwnOrigin.cookieName(request), value)
            .httpOnly(true)
            .secure(!settings.local())
            .sameSite("Strict")
            .path(COOKIE_PATH)
            .maxAge(life)
            .build()
            .toString());
  }

  private boolean byLink() {
    return settings.local() && signIn != null;
  }

  private SignIn signIn() {
    if (signIn == null) {
      throw notHere();
    }
    return signIn;
  }

  private static Fault notHere() {
    return Fault.notFound("Not found");
  }
}
