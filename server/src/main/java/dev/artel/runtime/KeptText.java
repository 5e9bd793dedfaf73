package dev.artel.runtime;

/// A model's text as it can be kept and sent. A model may write the character NUL or half a
/// surrogate pair, for which neither PostgreSQL nor UTF-8 has a place; one replacement character
/// stands for each, so that offsets stay what they were.
final class KeptText {
  private static final char REPLACEMENT = '\uFFFD';

  private KeptText() {}

  static String of(String text) {
    StringBuilder kept = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (c == 0 || Character.isSurrogate(c)) {
        kept = kept == null ? new StringBuilder(text) : kept;
        kept.setCharAt(i, REPLACEMENT);
      }
    }
    return kept == null ? text : kept.toString();
  }
}
