package dev.artel.http;

/// Paths as they stand in a request line, past the gate: plainly spelled, maybe with a slash at the
/// end.
final class Paths {
  private Paths() {}

  static String trimmed(String path) {
    return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  static boolean isBelow(String path, String root) {
    return path.startsWith(root)
        && (path.length() == root.length() || path.charAt(root.length()) == '/');
  }
}
