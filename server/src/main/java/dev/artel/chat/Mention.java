package dev.artel.chat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The `@name` with which a message may begin.
///
/// @param name without the `@`
/// @param rest the message behind it
record Mention(String name, String rest) {
  private static final Pattern LEADING =
      Pattern.compile("\\s*@([\\p{L}\\p{N}][\\p{L}\\p{N}_.-]*)[,:]?(?:\\s+|$)(.*)", Pattern.DOTALL);

  static @Nullable Mention in(String content) {
    Matcher matcher = LEADING.matcher(content);
    if (!matcher.matches()) {
      return null;
    }
    String name = matcher.group(1);
    // A full stop at the end belongs to the sentence, not to the name.
    String stripped = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    return new Mention(stripped, matcher.group(2));
  }

  /// What the model is asked: the message without the name that addressed it. A message that was
  /// addressed otherwise keeps its beginning.
  static String promptOf(String content, @Nullable String targetAgent) {
    Mention mention = in(content);
    if (mention == null || targetAgent == null || mention.rest().isBlank()) {
      return content;
    }
    boolean addresses =
        targetAgent.equalsIgnoreCase("@" + mention.name())
            || targetAgent.equalsIgnoreCase(mention.name());
    return addresses ? mention.rest() : content;
  }
}
