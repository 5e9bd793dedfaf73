package dev.artel.llm;

import java.net.http.HttpHeaders;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/// Reads how long a provider asks to wait: seconds or a date (RFC 9110, section 10.2.3).
final class RetryAfter {
  private static final Duration LONGEST = Duration.ofDays(1);

  private RetryAfter() {}

  static @Nullable Duration of(HttpHeaders headers, Clock clock) {
    String text = headers.firstValue("retry-after").orElse("").strip();
    if (text.isEmpty()) {
      return null;
    }
    try {
      double seconds = Double.parseDouble(text);
      if (Double.isNaN(seconds) || seconds < 0) {
        return null;
      }
      long millis = (long) (seconds * 1000);
      return Duration.ofMillis(Math.min(millis, LONGEST.toMillis()));
    } catch (NumberFormatException _) {
      // Not a number: a date.
    }
    try {
      ZonedDateTime until = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME);
      Duration wait = Duration.between(clock.instant(), until.toInstant());
      return wait.isNegative() ? Duration.ZERO : wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    } catch (DateTimeException _) {
      return null;
    }
  }
}
