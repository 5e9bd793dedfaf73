package dev.artel.bench;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// How a program is to run.
///
/// @param quick small and short
/// @param check only what has a threshold
/// @param profile with a flight recording of the product
/// @param parts the parts of a program that are wanted; empty: all
record Options(boolean quick, boolean check, boolean profile, Set<String> parts) {
  private static final Set<String> PARTS = Set.of("idle", "fan", "rates", "resume");

  static Options of(String program, List<String> words) {
    var parts = new TreeSet<String>();
    for (String word : words) {
      if (program.equals("stream") && PARTS.contains(word)) {
        parts.add(word);
      } else if (!List.of("--quick", "--check", "--profile").contains(word)) {
        System.err.println("dev: bench " + program + " does not know '" + word + "'");
        System.exit(2);
      }
    }
    return new Options(
        words.contains("--quick"), words.contains("--check"), words.contains("--profile"), parts);
  }

  Options checking() {
    return new Options(quick, true, profile, parts);
  }

  Options profiling() {
    return new Options(quick, check, true, parts);
  }

  boolean wants(String part) {
    return parts.isEmpty() || parts.contains(part);
  }

  /// The first in a quick run, else the second.
  int size(int quickly, int thoroughly) {
    return quick ? quickly : thoroughly;
  }
}
