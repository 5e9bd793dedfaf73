package dev.artel.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Tells browsers which pages of other origins may read an answer. An origin that may not gets no
/// header at all: it learns nothing, and its request is judged like any other by its token.
final class CrossOrigin {
  private static final String ANY = "*";
  private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
  private static final String EXPOSED =
      "X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, Retry-After, X-Request-ID,"
          + " ETag, Idempotency-Replayed, Location, Allow, WWW-Authenticate";
  private static final String PREFLIGHT_SECONDS_MAX = "600";

  private final HttpSettings.Cors cors;
  private final Set<String> origins;

  CrossOrigin(HttpSettings.Cors cors) {
    this.cors = cors;
    this.origins = Set.copyOf(cors.origins());
  }

  /// Sets the headers that the request's origin is due.
  ///
  /// @return whether this is a preflight, which needs no further answer
  boolean answer(HttpServletRequest request, HttpServletResponse response) {
    String origin = request.getHeader("Origin");
    String wantedMethod = request.getHeader("Access-Control-Request-Method");
    boolean preflight =
        request.getMethod().equals("OPTIONS") && origin != null && wantedMethod != null;
    if (neverShared(request.getRequestURI())) {
      return preflight;
    }
    if (!origins.isEmpty()) {
      response.addHeader("Vary", "Origin");
    }
    if (origin == null || !allowed(origin)) {
      return preflight;
    }
    if (origins.contains(origin)) {
      response.setHeader("Access-Control-Allow-Origin", origin);
      if (cors.credentials()) {
        response.setHeader("Access-Control-Allow-Credentials", "true");
      }
    } else {
      response.setHeader("Access-Control-Allow-Origin", ANY);
    }
    if (preflight) {
      response.setHeader(
          "Access-Control-Allow-Methods",
          cors.methods().contains(ANY) ? METHODS : String.join(", ", cors.methods()));
      String headers = headers(request.getHeader("Access-Control-Request-Headers"));
      if (headers != null) {
        response.setHeader("Access-Control-Allow-Headers", headers);
      }
      response.setHeader("Access-Control-Max-Age", PREFLIGHT_SECONDS_MAX);
    } else {
      response.setHeader("Access-Control-Expose-Headers", EXPOSED);
      // The policy of same-origin resources would hide the answer from the page that may read it.
      response.setHeader("Cross-Origin-Resource-Policy", "cross-origin");
    }
    return preflight;
  }

  private @Nullable String headers(@Nullable String wanted) {
    return cors.headers().contains(ANY) ? wanted : String.join(", ", cors.headers());
  }

  private boolean allowed(String origin) {
    return origins.contains(origin) || (origins.contains(ANY) && !origin.equals("null"));
  }

  /// Sign-in works with a cookie, and another port of the same host gets the same cookies.
  private static boolean neverShared(String path) {
    return path.equals("/auth") || path.startsWith("/auth/");
  }
}
