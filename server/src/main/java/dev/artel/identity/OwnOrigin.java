package dev.artel.identity;

import dev.artel.base.Fault;
import dev.artel.protocol.ErrorCode;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Decides whether a page of Artel itself sent a request. Other pages may not touch sign-in: also
/// another port of localhost is another page, although it gets the same cookies.
final class OwnOrigin {
  private final boolean local;

  OwnOrigin(boolean local) {
    this.local = local;
  }

  /// @throws Fault when the request names another origin
  void refuseForeign(HttpServletRequest request) {
    String origin = request.getHeader("Origin");
    if (origin != null && !own(request, origin)) {
      throw foreign();
    }
  }

  /// @throws Fault when the request names another origin, or none
  void require(HttpServletRequest request) {
    String origin = request.getHeader("Origin");
    if (origin == null || !own(request, origin)) {
      throw foreign();
    }
  }

  private boolean own(HttpServletRequest request, String origin) {
    String host = request.getHeader("Host");
    if (local) {
      // Not what Host says: a name that was made to resolve to this machine is still foreign.
      int port = request.getLocalPort();
      return Set.of("http://localhost:" + port, "http://127.0.0.1:" + port, "http://[::1]:" + port)
          .contains(origin);
    }
    return host != null
        && Set.of("https://" + host, "http://" + host).contains(origin.toLowerCase(Locale.ROOT));
  }

  private static Fault foreign() {
    return Fault.of(
        ErrorCode.FORBIDDEN, "Only Artel's own pages may sign in here; Origin is another.");
  }

  /// The name of the cookie: cookies do not tell ports apart, so the name must.
  static String cookieName(HttpServletRequest request) {
    return "artel_refresh_" + request.getLocalPort();
  }

  static @Nullable String cookie(HttpServletRequest request) {
    var cookies = request.getCookies();
    if (cookies != null) {
      for (var cookie : cookies) {
        if (cookie.getName().equals(cookieName(request))) {
          return cookie.getValue();
        }
      }
    }
    return null;
  }
}
