package dev.artel.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Brings the list of what Artel promises together with the tests that claim to prove it.
class AcceptanceTest {
  private static final Path ROOT = Golden.root();
  private static final Pattern ITEM =
      Pattern.compile("- \\*\\*([A-Z]+-?[\\d.]+)\\*\\* (\\*peer\\* )?(.+)");
  private static final int FOLDERS_DEEP = 20;
  private static final Pattern CLAIM =
      Pattern.compile(
          "(?m)^ *@Accepts\\(([^)]*)\\)\\s+(?:@\\w+(?:\\([^)]*\\))?\\s+|(?:public|final|abstract|static) )*(?:void|class|interface|Stream<DynamicTest>) (\\w+)");
  private static final Pattern SCRIPT_CLAIM = Pattern.compile("\\baccepts\\(([^)]*)\\)");
  private static final Pattern QUOTED = Pattern.compile("[\"'`]([A-Z]+-?[\\d.]+)[\"'`]");

  private record Item(String id, boolean peer, String sentence, String section) {}

  @Test
  void the_report_names_the_tests_that_prove_each_item() throws IOException {
    SequencedMap<String, Item> items = items();
    Map<String, TreeSet<String>> claims = claims();

    assertThat(items).hasSize(356);
    assertThat(items.keySet())
        .as("claimed ids that docs/acceptance.md lacks")
        .containsAll(claims.keySet());
    Golden.check("docs/generated/acceptance.md", report(items, claims));
  }

  private static SequencedMap<String, Item> items() throws IOException {
    var items = new LinkedHashMap<String, Item>();
    String section = "";
    for (String line : Files.readAllLines(ROOT.resolve("docs/acceptance.md"))) {
      Matcher item = ITEM.matcher(line);
      if (line.startsWith("## ")) {
        section = line.substring(3);
      } else if (item.matches()) {
        Item before =
            items.put(
                item.group(1),
                new Item(item.group(1), item.group(2) != null, item.group(3), section));
        assertThat(before).as("%s stands twice", item.group(1)).isNull();
      }
    }
    return items;
  }

  private static Map<String, TreeSet<String>> claims() throws IOException {
    var claims = new TreeMap<String, TreeSet<String>>();
    // Sources, not classes: the report must not depend on which modules were built before.
    for (Path source : files("", ".*/src/test/java/.*\\.java")) {
      claim(claims, source, "");
    }
    for (Path source : files("bench", ".*/src/main/java/.*\\.java")) {
      claim(claims, source, "bench/");
    }
    for (Path script : files("web", ".*\\.(test|spec)\\.(ts|tsx|mjs)")) {
      Matcher claim = SCRIPT_CLAIM.matcher(Files.readString(script));
      while (claim.find()) {
        claim(claims, claim.group(1), ROOT.relativize(script).toString().replace('\\', '/'));
      }
    }
    return claims;
  }

  private static void claim(Map<String, TreeSet<String>> claims, Path source, String prefix)
      throws IOException {
    String type = source.getFileName().toString().replace(".java", "");
    Matcher claim = CLAIM.matcher(Files.readString(source));
    while (claim.find()) {
      String name = claim.group(2).equals(type) ? type : type + "." + claim.group(2);
      claim(claims, claim.group(1), prefix + name);
    }
  }

  private static void claim(Map<String, TreeSet<String>> claims, String ids, String test) {
    Matcher id = QUOTED.matcher(ids);
    while (id.find()) {
      claims.computeIfAbsent(id.group(1), _ -> new TreeSet<>()).add(test);
    }
  }

  private static List<Path> files(String folder, String pattern) throws IOException {
    if (!Files.exists(ROOT.resolve(folder))) {
      return List.of();
    }
    try (Stream<Path> files =
        Files.find(
            ROOT.resolve(folder), FOLDERS_DEEP, (file, _) -> file.toString().matches(pattern))) {
      return files.filter(file -> !file.toString().contains("node_modules")).sorted().toList();
    }
  }

  private static String report(
      SequencedMap<String, Item> items, Map<String, TreeSet<String>> claims) {
    long real =
        items.values().stream().filter(i -> !i.peer() && claims.containsKey(i.id())).count();
    long peer = items.values().stream().filter(i -> i.peer() && claims.containsKey(i.id())).count();
    var text =
        new StringBuilder(
            """
            # Acceptance report

            Produced by `./dev docs` from [the list](../acceptance.md) and from what tests say that they prove.
            Proven: %d of %d; proven against a peer: %d.
            What stands under `bench/` is a program that `./dev bench` runs and that ends red when a promise about speed breaks;
            `./dev test` does not run it. Its last figures are in [bench/README.md](../../bench/README.md).
            """
                .formatted(real, items.size(), peer));
    String section = "";
    for (Item item : items.values()) {
      if (!item.section().equals(section)) {
        section = item.section();
        text.append("\n## %s\n\n| Item | Proven by |\n|---|---|\n".formatted(section));
      }
      TreeSet<String> tests = claims.get(item.id());
      String proof =
          tests == null
              ? ""
              : (item.peer() ? "*against a peer:* " : "") + "`" + String.join("`, `", tests) + "`";
      text.append("| **%s** %s | %s |\n".formatted(item.id(), item.sentence(), proof));
    }
    return text.toString();
  }
}
