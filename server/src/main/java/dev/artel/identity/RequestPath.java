package dev.artel.identity;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Which protection the target of a request needs. Whatever could be read as a protected path by
/// anyone who decodes, folds or shortens it counts as one; the exceptions must be written exactly.
enum RequestPath {
  OPEN,
  MY,
  ADMIN;

  private static final Set<String> PUBLIC =
      Set.of("/my/docs", "/my/docs/", "/my/openapi.json", "/my/openapi.json/");
  private static final int DECODINGS_MAX = 5;
  private static final Pattern PARAMETERS = Pattern.compile(";[^/]*");
  private static final Pattern TAIL = Pattern.compile("[.\\s\\p{Cntrl}]+$");
  private static final Pattern ESCAPE = Pattern.compile("%([0-9a-fA-F]{2})");

  /// @param target the path as it came, undecoded
  static RequestPath of(String target) {
    if (PUBLIC.contains(target)) {
      return OPEN;
    }
    String plain = target;
    for (int i = 0; i < DECODINGS_MAX; i++) {
      RequestPath protection = ofPlain(plain);
      if (protection != OPEN) {
        return protection;
      }
      String decoded = decode(plain);
      if (decoded.equals(plain)) {
        return OPEN;
      }
      plain = decoded;
    }
    return ofPlain(plain);
  }

  private static RequestPath ofPlain(String path) {
    String folded =
        PARAMETERS.matcher(path.replace('\\', '/').toLowerCase(Locale.ROOT)).replaceAll("");
    var asWritten = new ArrayList<String>();
    var resolved = new ArrayList<String>();
    for (String segment : folded.split("/", -1)) {
      if (segment.equals("..")) {
        if (!resolved.isEmpty()) {
          resolved.removeLast();
        }
        continue;
      }
      String name = TAIL.matcher(segment).replaceAll("").strip();
      if (!name.isEmpty()) {
        asWritten.add(name);
        resolved.add(name);
      }
    }
    RequestPath protection = ofFirst(resolved);
    return protection != OPEN ? protection : ofFirst(asWritten);
  }

  private static RequestPath ofFirst(List<String> segments) {
    String first = segments.isEmpty() ? "" : segments.getFirst();
    return switch (first) {
      case "my" -> MY;
      case "admin" -> ADMIN;
      default -> OPEN;
    };
  }

  private static String decode(String path) {
    return ESCAPE
        .matcher(path)
        .replaceAll(escape ->
            java.util.regex.Matcher.quoteReplacement(
                String.valueOf((char) Integer.parseInt(escape.group(1), 16))));
  }
}
