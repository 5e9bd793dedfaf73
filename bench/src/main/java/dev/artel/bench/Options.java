package dev.artel.bench;

import java.util.List;

/// How a program is to run.
///
/// @param quick small and short
/// @param check only what has a threshold
/// @param profile with a flight recording of the product
record Options(boolean quick, boolean check, boolean profile) {
  static Options of(List<String> words) {
    for (String word : words) {
      if (!List.of("--quick", "--check", "--profile").contains(word)) {
        System.err.println("dev: bench knows --quick, --check and --profile, not '" + word + "'");
        System.exit(2);
      }
    }
    return new Options(
        words.contains("--quick"), words.contains("--check"), words.contains("--profile"));
  }

  /// The first in a quick run, else the second.
  int size(int quickly, int thoroughly) {
    return quick ? quickly : thoroughly;
  }
}
