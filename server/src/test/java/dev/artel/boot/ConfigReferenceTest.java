package dev.artel.boot;

import dev.artel.testing.Golden;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ConfigReferenceTest {
  @Test
  void the_reference_lists_every_setting_with_type_default_and_effect() {
    Golden.check("docs/configuration.md", reference());
  }

  private static String reference() {
    var text =
        new StringBuilder(
            """
            # Configuration

            This page is produced from the code that reads the settings (`./dev golden`).

            - Every name begins with `ARTEL_`, in every mode. Names without it belong to other programs and are not read.
            - Settings come from the environment and from `artel.properties` in the data folder, with the same names
              (`ARTEL_PORT=8001`), except `ARTEL_HOME`. The environment wins. A blank value counts as not given.
            - An unknown name, a value out of range or a combination that cannot work stops the start. Every fault is named in one
              line, with the remedy.
            - Where two defaults are given, the first is that of local mode and the second that of production mode.
            - *Secret* values are shown as `***` in every text that Artel prints.
            - In local mode, `OPENAI_API_KEY`, `OPENAI_BASE_URL`, `ANTHROPIC_API_KEY` and `GEMINI_API_KEY` are found without prefix, and so
              is an Ollama on this machine. A setting with prefix wins over them. `./dev up` says which model answers.
            """);
    for (Setting.Area area : Setting.Area.values()) {
      text.append(
          """

          ## %s

          | Name | Must be | Default | Effect |
          |---|---|---|---|
          """
              .formatted(area.title));
      Settings.ALL.stream()
          .filter(setting -> setting.area() == area)
          .forEach(s -> text.append(row(s)));
    }
    text.append(
        """

        ## Names that this version refuses

        A setting without effect would promise what is not there, so the start stops and says why.

        | Names | Why |
        |---|---|
        """);
    new TreeMap<>(
            Settings.ABSENT.entrySet().stream()
                .collect(
                    Collectors.groupingBy(
                        Map.Entry::getValue,
                        Collectors.mapping(
                            entry ->
                                "`ARTEL_"
                                    + entry.getKey()
                                    + (entry.getKey().endsWith("_") ? "…`" : "`"),
                            Collectors.collectingAndThen(
                                Collectors.toList(),
                                names ->
                                    names.stream().sorted().collect(Collectors.joining(", ")))))))
        .forEach((why, names) -> text.append("| %s | %s |\n".formatted(names, why)));
    return text.toString();
  }

  private static String row(Setting<?> setting) {
    return "| `%s` | %s%s | %s | %s |\n"
        .formatted(
            setting.variable(),
            setting.kind().words(),
            setting.secret() ? "; *secret*" : "",
            defaults(setting),
            setting.effect());
  }

  private static String defaults(Setting<?> setting) {
    return Objects.equals(setting.local(), setting.production())
        ? code(setting.local())
        : code(setting.local()) + ", " + code(setting.production());
  }

  private static String code(@org.jspecify.annotations.Nullable String text) {
    return text == null ? "–" : "`" + text + "`";
  }
}
