package dev.artel.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// The lists of docs/deliberate.md that tests hold the code to.
public final class Deliberate {
  private static final Pattern NAME = Pattern.compile("^- ((?:`[^`]+`(?:, )?)+)");
  private static final Pattern WORD = Pattern.compile("`([^`]+)`");

  private Deliberate() {}

  /// The names that the section with that title lists.
  public static TreeSet<String> names(String title) throws IOException {
    List<String> lines = Files.readAllLines(Golden.root().resolve("docs/deliberate.md"));
    int start = lines.indexOf("## " + title);
    if (start < 0) {
      throw new AssertionError("docs/deliberate.md has no section " + title);
    }
    var names = new TreeSet<String>();
    for (String line : lines.subList(start + 1, lines.size())) {
      if (line.startsWith("## ")) {
        break;
      }
      NAME.matcher(line)
          .results()
          .map(MatchResult::group)
          .flatMap(list -> WORD.matcher(list).results())
          .forEach(word -> names.add(word.group(1)));
    }
    return names;
  }
}
