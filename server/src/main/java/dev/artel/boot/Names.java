package dev.artel.boot;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Which names of settings there are, and what was probably meant by one that is none.
final class Names {
  private Names() {}

  /// Whether that name, without prefix, is a setting of this version.
  static boolean known(String name) {
    return setting(name) != null || Settings.ENDPOINT_KEY.matcher(name).matches();
  }

  static boolean secret(String name) {
    Setting<?> setting = setting(name);
    return setting == null || setting.secret();
  }

  static Setting.@Nullable Area area(String name) {
    Setting<?> setting = setting(name);
    if (setting != null) {
      return setting.area();
    }
    return Settings.ENDPOINT_KEY.matcher(name).matches() ? Setting.Area.MODELS : null;
  }

  private static @Nullable Setting<?> setting(String name) {
    for (Setting<?> setting : Settings.ALL) {
      if (setting.name().equals(name)) {
        return setting;
      }
    }
    return null;
  }

  /// The line that refuses a name, with the nearest known one.
  static String unknown(String variable) {
    String name =
        variable.startsWith(Setting.PREFIX)
            ? variable.substring(Setting.PREFIX.length())
            : variable;
    String absent = Settings.absent(name);
    if (absent != null) {
      return "%s has no effect here: %s; remove it".formatted(variable, absent);
    }
    String upper = name.toUpperCase(Locale.ROOT);
    List<String> known = Settings.ALL.stream().map(Setting::name).toList();
    String nearest =
        known.stream().min(Comparator.comparingInt(k -> distance(upper, k))).orElseThrow();
    boolean near = distance(upper, nearest) <= Math.max(2, nearest.length() / 3);
    return near
        ? "unknown setting %s, did you mean %s%s?".formatted(variable, Setting.PREFIX, nearest)
        : "unknown setting %s; docs/configuration.md lists the known ones, nearest is %s%s"
            .formatted(variable, Setting.PREFIX, nearest);
  }

  /// Optimal string alignment: insertions, deletions, replacements and swaps of neighbours.
  private static int distance(String a, String b) {
    int[][] steps = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          steps[i][j] = i + j;
          continue;
        }
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        int best =
            Math.min(
                Math.min(steps[i - 1][j], steps[i][j - 1]) + 1,
                steps[i - 1][j - 1] + (same ? 0 : 1));
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        steps[i][j] = swapped ? Math.min(best, steps[i - 2][j - 2] + 1) : best;
      }
    }
    return steps[a.length()][b.length()];
  }
}
