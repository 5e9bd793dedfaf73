package dev.artel.protocol;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/// How an id is spelt: 8-4-4-4-12 hexadecimal digits, in either letter case. The library's own
/// parser also takes `1-1-1-1-1`, which would give one thing many addresses.
public final class IdText {
  private static final Pattern CANONICAL =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private IdText() {}

  /// The id that a text spells; empty when it spells none.
  public static Optional<UUID> parse(String text) {
    return CANONICAL.matcher(text).matches()
        ? Optional.of(UUID.fromString(text))
        : Optional.empty();
  }

  static UUID read(String text) {
    return parse(text)
        .orElseThrow(() -> new IllegalArgumentException("no UUID in its canonical form"));
  }
}
