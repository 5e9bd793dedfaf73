package dev.artel.http;

import dev.artel.base.Fault;
import dev.artel.protocol.ErrorCode;
import dev.artel.protocol.Words;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The filters of a list, from the query: all combined by AND, and refused with 400 when the list
/// does not know the field or the field does not know the value.
public final class Filters {
  /// Times beyond these are refused: PostgreSQL could not compare with them.
  private static final Instant EARLIEST = Instant.parse("1970-01-01T00:00:00Z");

  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  private final HttpServletRequest request;

  private Filters(HttpServletRequest request) {
    this.request = request;
  }

  /// @param fields what this list can be filtered by, beside the parameters of paging
  public static Filters of(HttpServletRequest request, String... fields) {
    List<String> known = List.of(fields);
    for (String name : request.getParameterMap().keySet()) {
      if (!known.contains(name) && !Paging.PARAMETERS.contains(name)) {
        throw invalid(
            name,
            known.isEmpty()
                ? "there are no filters here."
                : "filters are %s.".formatted(String.join(", ", known)));
      }
    }
    return new Filters(request);
  }

  public @Nullable String text(String field) {
    String value = request.getParameter(field);
    if (value != null && value.indexOf('\0') >= 0) {
      throw invalid(field, "it holds a character that no text here can have.");
    }
    return value;
  }

  /// The value of a field as its parser reads it.
  public <T> @Nullable T value(String field, String expected, Function<String, @Nullable T> parse) {
    String text = text(field);
    if (text == null) {
      return null;
    }
    T value = parse.apply(text);
    if (value == null) {
      throw invalid(field, "it must be %s.".formatted(expected));
    }
    return value;
  }

  public <E extends Enum<E> & Words> @Nullable E word(String field, Class<E> kind) {
    String expected =
        "one of "
            + Arrays.stream(kind.getEnumConstants())
                .map(Words::word)
                .collect(Collectors.joining(", "));
    return value(
        field,
        expected,
        text ->
            Arrays.stream(kind.getEnumConstants())
                .filter(one -> one.word().equals(text))
                .findFirst()
                .orElse(null));
  }

  public @Nullable Boolean flag(String field) {
    return value(
        field,
        "true or false",
        text ->
            switch (text) {
              case "true" -> true;
              case "false" -> false;
              default -> null;
            });
  }

  /// A time with offset, or a day, which begins at midnight in UTC.
  public @Nullable Instant time(String field) {
    return value(field, "a time such as 2026-01-31T12:00:00Z, or a day", Filters::instant);
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

  /// The refusal of a filter, naming its field.
  public static Fault invalid(String field, String why) {
    return Fault.of(ErrorCode.INVALID_FILTER, "Cannot filter by %s: %s".formatted(field, why))
        .with("field", field);
  }
}
