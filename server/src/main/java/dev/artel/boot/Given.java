package dev.artel.boot;

import dev.artel.base.CannotStart;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The settings that this start was given, checked one by one, with where each came from. A blank
/// text counts as not given.
final class Given {
  static final String FILE = "artel.properties";
  private static final String ENVIRONMENT = "environment";

  private record Entry(String text, String source) {}

  private final Path home;
  private final Map<String, Entry> entries = new TreeMap<>();
  private final Map<Setting<?>, Object> values = new HashMap<>();
  private final List<String> problems = new ArrayList<>();

  private Given(Path home) {
    this.home = home;
  }

  /// Reads the environment and the file in the home that the environment names.
  ///
  /// @throws CannotStart naming every setting that does not fit
  static Given read(Map<String, String> environment) {
    String named = environment.getOrDefault(Settings.HOME.variable(), "").strip();
    Path home = named.isEmpty() ? DataFolder.usual(environment) : Kind.PATH.parse().apply(named);
    if (home == null) {
      throw new CannotStart(misfit(Settings.HOME, named));
    }
    var given = new Given(home.toAbsolutePath().normalize());
    given.take(file(given.home.resolve(FILE)), FILE);
    given.take(environment, ENVIRONMENT);
    given.parse();
    given.stopOnProblems();
    return given;
  }

  private void take(Map<String, String> texts, String source) {
    boolean inFile = source.equals(FILE);
    new TreeMap<>(texts)
        .forEach((variable, text) -> {
          if (!variable.startsWith(Setting.PREFIX)) {
            if (inFile) {
              problems.add(Names.unknown(variable) + " (in " + FILE + ")");
            }
            return;
          }
          String name = variable.substring(Setting.PREFIX.length());
          if (!Names.known(name)) {
            problems.add(Names.unknown(variable) + (inFile ? " (in " + FILE + ")" : ""));
          } else if (inFile && name.equals(Settings.HOME.name())) {
            problems.add(
                "ARTEL_HOME cannot stand in %s, which is read from that folder; set it in the environment"
                    .formatted(FILE));
          } else if (!text.isBlank()) {
            entries.put(name, new Entry(text.strip(), source));
          }
        });
  }

  private void parse() {
    // The other defaults depend on it.
    parse(Settings.MODE, Config.Mode.LOCAL);
    Config.Mode mode = values.containsKey(Settings.MODE) ? get(Settings.MODE) : Config.Mode.LOCAL;
    for (Setting<?> setting : Settings.ALL) {
      if (!setting.equals(Settings.MODE) && !setting.equals(Settings.HOME)) {
        parse(setting, mode);
      }
    }
  }

  private <T> void parse(Setting<T> setting, Config.Mode mode) {
    Entry entry = entries.get(setting.name());
    String text = entry == null ? setting.fallback(mode) : entry.text();
    if (text == null) {
      return;
    }
    T value = setting.kind().parse().apply(text);
    if (value == null) {
      problems.add(misfit(setting, text));
    } else {
      values.put(setting, value);
    }
  }

  private static String misfit(Setting<?> setting, String text) {
    String quoted = setting.secret() ? "" : ", not '" + text + "'";
    return setting.variable() + " must be " + setting.kind().words().replace("`", "") + quoted;
  }

  /// Notes that a combination of settings cannot work.
  void refuse(String problem) {
    problems.add(problem);
  }

  /// @throws CannotStart when anything was refused
  void stopOnProblems() {
    if (!problems.isEmpty()) {
      throw new CannotStart(String.join("\n", problems));
    }
  }

  Path home() {
    return home;
  }

  /// The value given, or the default that the setting has in every mode.
  <T> T get(Setting<T> setting) {
    return Objects.requireNonNull(find(setting), setting.name());
  }

  /// The value given, or the default, or null when there is neither.
  @SuppressWarnings("unchecked") // put by parse, under a setting of the same type
  <T> @Nullable T find(Setting<T> setting) {
    return (T) values.get(setting);
  }

  /// The texts given for an area, by name without prefix.
  Map<String, String> texts(Setting.Area area) {
    var texts = new LinkedHashMap<String, String>();
    entries.forEach((name, entry) -> {
      if (Names.area(name) == area) {
        texts.put(name, entry.text());
      }
    });
    return texts;
  }

  /// What differs from the defaults, fit for a log: secrets masked, sources named.
  String summary() {
    return entries.entrySet().stream()
        .map(entry ->
            "%s%s=%s (%s)"
                .formatted(
                    Setting.PREFIX,
                    entry.getKey(),
                    Names.secret(entry.getKey()) ? "***" : entry.getValue().text(),
                    entry.getValue().source()))
        .collect(Collectors.joining(", "));
  }

  private static Map<String, String> file(Path file) {
    if (!Files.exists(file)) {
      return Map.of();
    }
    var properties = new Properties();
    try (var reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (CharacterCodingException | IllegalArgumentException failure) {
      throw new CannotStart(file + " is no properties file in UTF-8", failure);
    } catch (IOException failure) {
      throw new CannotStart(file + " cannot be read: check who owns it", failure);
    }
    return properties.stringPropertyNames().stream()
        .collect(Collectors.toMap(name -> name, properties::getProperty));
  }
}
