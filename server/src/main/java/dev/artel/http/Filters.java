package dev.artel.http;

import dev.artel.base.Fault;
import dev.artel.protocol.ErrorCode;
import dev.artel.protocol.IdText;
import dev.artel.protocol.Words;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Reads the values of a list's filters; one that the field does not know is refused with 400. Null
/// is no filter.
public final class Filters {
  /// Times beyond these are refused: PostgreSQL could not compare with them.
  private static final Instant EARLIEST = Instant.parse("1970-01-01T00:00:00Z");

  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  private Filters() {}

  /// PostgreSQL has no text with the character NUL, not even to compare with.
  public static @Nullable String text(String field, @Nullable String text) {
    if (text != null && text.indexOf('\0') >= 0) {
      throw invalid(field, "a text without control characters");
    }
    return text;
  }

  /// @param parse null for a text that is none of the field's values
  public static <T> @Nullable T value(
      String field, @Nullable String text, String expected, Function<String, @Nullable T> parse) {
    if (text == null) {
      return null;
    }
    T value = parse.apply(text);
    if (value == null) {
      throw invalid(field, expected);
    }
    return value;
  }

  public static <E extends Enum<E> & Words> @Nullable E word(
      String field, @Nullable String text, Class<E> kind) {
    E[] words = kind.getEnumConstants();
    return value(
        field,
        text,
        "one of " + Arrays.stream(words).map(Words::word).collect(Collectors.joining(", ")),
        given ->
            Arrays.stream(words).filter(one -> one.word().equals(given)).findFirst().orElse(null));
  }

  public static @Nullable Boolean flag(String field, @Nullable String text) {
    return value(
        field,
        text,
        "true or false",
        given ->
            switch (given) {
              case "true" -> true;
              case "false" -> false;
              default -> null;
            });
  }

  /// An id of the kind that `of` makes.
  public static <T> @Nullable T id(String field, @Nullable String text, Function<UUID, T> of) {
    return value(field, text, "an id", given -> IdText.parse(given).map(of).orElse(null));
  }

  /// A time with offset, or a day, which begins at midnight in UTC.
  public static @Nullable Instant time(String field, @Nullable String text) {
    return value(field, text, "a time such as 2026-01-31T12:00:00Z, or a day", Filters::instant);
  }

  /// A number from 0 up, such as a position in a feed.
  public static @Nullable Long position(String field, @Nullable String text) {
    return value(field, text, "a number from 0 up", Filters::number);
  }

  private static @Nullable Long number(String text) {
    try {
      long number = Long.parseLong(text);
      return number < 0 ? null : number;
    } catch (NumberFormatException _) {
      return null;
    }
  }

  private static @Nullable Instant instant(String text) {
    try {
      Instant time =
          text.indexOf('T') < 0
              ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
              : OffsetDateTime.parse(text).toInstant();
      return time.isBefore(EARLIEST) || time.isAfter(LATEST) ? null : time;
    } catch (DateTimeParseException _) {
      return null;
    }
  }

  private static Fault invalid(String field, String expected) {
    return Fault.of(
            ErrorCode.INVALID_FILTER,
            "Cannot filter by %s: it must be %s.".formatted(field, expected))
        .with("field", field);
  }
}
