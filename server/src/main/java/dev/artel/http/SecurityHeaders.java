package dev.artel.http;

import java.util.Map;
import java.util.function.BiConsumer;

/// The headers that tell a browser what an answer of ours may do: nothing, unless it is a page.
final class SecurityHeaders {
  private static final String CSP = "Content-Security-Policy";
  private static final String NOTHING =
      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final String APP =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:;"
          + " font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self';"
          + " base-uri 'none'; form-action 'self'; frame-ancestors 'none';"
          + " require-trusted-types-for 'script'; trusted-types artel-worker";

  /// The documentation's icons are `data:` images of its own style sheet.
  private static final String DOCS =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none';"
          + " frame-ancestors 'none'";

  private static final Map<String, String> ALWAYS =
      Map.of(
          "X-Content-Type-Options", "nosniff",
          "X-Frame-Options", "DENY",
          "Referrer-Policy", "no-referrer",
          "Cross-Origin-Opener-Policy", "same-origin",
          "Cross-Origin-Resource-Policy", "same-origin",
          "Permissions-Policy",
              "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), hid=()");

  private SecurityHeaders() {}

  static void set(String path, boolean secure, BiConsumer<String, String> header) {
    ALWAYS.forEach(header);
    if (path.equals("/app") || path.startsWith("/app/")) {
      header.accept(CSP, APP);
    } else if (isDocumentation(path)) {
      header.accept(CSP, DOCS);
    } else {
      header.accept(CSP, NOTHING);
      header.accept("Cache-Control", "no-store");
    }
    if (secure) {
      header.accept("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
    }
  }

  private static boolean isDocumentation(String path) {
    String plain = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    return plain.equals("/my/docs")
        || plain.equals("/docs")
        || plain.equals("/redoc")
        || path.startsWith("/docs/");
  }
}
