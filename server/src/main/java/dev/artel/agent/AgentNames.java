package dev.artel.agent;

import dev.artel.protocol.IdText;
import dev.artel.protocol.UserId;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How agents are called: which names they may have, when two are the same, and how a readable id
/// is taken apart. Pure.
final class AgentNames {
  static final int CHARS_MAX = 100;

  /// Letters of many scripts are written with combining marks, which therefore belong to a name.
  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{Nd}][\\p{L}\\p{M}\\p{Nd}_.-]*");

  private static final Pattern READABLE =
      Pattern.compile(
          "user([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})_(.*)", Pattern.CASE_INSENSITIVE);

  /// The last number is the version, because a name may end in one as well.
  private static final Pattern VERSIONED = Pattern.compile("(.+)_([1-9][0-9]{0,8})");

  private static final Set<String> RESERVED = Set.of("auto", "available");

  private AgentNames() {}

  /// The spelling that is stored: a letter has one form, however the keyboard composed it.
  static String canonical(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFC);
  }

  /// Two names are the same when their keys are. Upper case first, so that letters with two lower
  /// cases (σ and ς, ß and ss) meet.
  static String key(String name) {
    return canonical(name.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT));
  }

  /// What is wrong with a name, as the end of a sentence; null for a good one.
  static @Nullable String problem(String name) {
    int chars = name.codePointCount(0, name.length());
    if (chars < 1 || chars > CHARS_MAX) {
      return "must have 1 to %d characters".formatted(CHARS_MAX);
    }
    if (!NAME.matcher(name).matches()) {
      return "must be letters, digits, _, - and ., and begin with a letter or digit";
    }
    if (IdText.parse(name).isPresent()
        || READABLE.matcher(name).matches()
        || RESERVED.contains(key(name))) {
      return "must not be an id, auto or available";
    }
    return null;
  }

  /// A readable id, taken apart.
  record NameAtVersion(String name, int version) {}

  /// The parts of `user{id}_{name}_{version}`; empty when the text is none, or another user's.
  static Optional<NameAtVersion> readable(UserId user, String text) {
    Matcher owned = READABLE.matcher(text);
    if (!owned.matches() || !owned.group(1).equalsIgnoreCase(user.toString())) {
      return Optional.empty();
    }
    Matcher versioned = VERSIONED.matcher(owned.group(2));
    return versioned.matches()
        ? Optional.of(new NameAtVersion(versioned.group(1), Integer.parseInt(versioned.group(2))))
        : Optional.empty();
  }

  /// How many letters must be typed anew to come from one key to the other (Levenshtein).
  static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int above = row[j];
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(above, row[j - 1]) + 1);
        diagonal = above;
      }
    }
    return row[to.length()];
  }
}
