package dev.artel.boot;

import dev.artel.base.Secret;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// How the text of a setting is read.
///
/// @param words what the text must be, as it stands after "must be" in an error and in the
///   reference
/// @param parse null for a text that does not fit
record Kind<T>(String words, Function<String, @Nullable T> parse) {
  static final Kind<String> TEXT = new Kind<>("a text", text -> text);
  static final Kind<Secret> SECRET = new Kind<>("a text that is kept secret", Secret::new);
  static final Kind<Boolean> SWITCH =
      new Kind<>(
          "`true` or `false`",
          text ->
              switch (text) {
                case "true" -> true;
                case "false" -> false;
                default -> null;
              });
  static final Kind<Path> PATH = new Kind<>("a path", Kind::path);
  static final Kind<URI> URL = new Kind<>("an http or https URL with a host", Kind::url);
  static final Kind<DatabaseUrl> DATABASE =
      new Kind<>(
          "a URL such as `postgresql://ROLE:PASSWORD@HOST:5432/DATABASE`", DatabaseUrl::parse);

  static Kind<Integer> number(int min, int max) {
    return new Kind<>(
        "a whole number from %d to %d".formatted(min, max),
        text -> {
          try {
            int number = Integer.parseInt(text);
            return number >= min && number <= max ? number : null;
          } catch (NumberFormatException _) {
            return null;
          }
        });
  }

  static Kind<Duration> seconds(int min, int max) {
    return number(min, max)
        .as("seconds, %s".formatted(number(min, max).words()), Duration::ofSeconds);
  }

  static <E extends Enum<E>> Kind<E> oneOf(Class<E> kind, Function<E, String> spelling) {
    List<E> constants = List.of(kind.getEnumConstants());
    return new Kind<>(
        constants.stream()
            .map(constant -> "`" + spelling.apply(constant) + "`")
            .collect(Collectors.joining(" or ")),
        text -> {
          for (E constant : constants) {
            if (spelling.apply(constant).equalsIgnoreCase(text)) {
              return constant;
            }
          }
          return null;
        });
  }

  /// A list with commas between; empty items are passed over.
  static Kind<List<String>> list(String ofWhat, Predicate<String> item) {
    return new Kind<>(
        "a list of " + ofWhat + ", separated by commas",
        text -> {
          List<String> items =
              Stream.of(text.split(",", -1)).map(String::strip).filter(s -> !s.isEmpty()).toList();
          return items.stream().allMatch(item) ? items : null;
        });
  }

  /// An origin as browsers send it.
  static boolean isOrigin(String text) {
    URI url = url(text);
    return url != null
        && url.getRawPath().isEmpty()
        && url.getRawQuery() == null
        && url.getRawFragment() == null
        && text.equals(text.toLowerCase(Locale.ROOT));
  }

  private <R> Kind<R> as(String otherWords, Function<T, R> then) {
    return new Kind<>(
        otherWords,
        text -> {
          T value = parse.apply(text);
          return value == null ? null : then.apply(value);
        });
  }

  private static @Nullable Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException _) {
      return null;
    }
  }

  private static @Nullable URI url(String text) {
    try {
      URI url = URI.create(text);
      boolean web =
          "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
      return web && url.getHost() != null && url.getRawUserInfo() == null ? url : null;
    } catch (IllegalArgumentException _) {
      return null;
    }
  }
}
