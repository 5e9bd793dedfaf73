package dev.artel.bus;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Decides whether and when a task is tried again after a temporary error. Pure: what happened and
/// the dice are arguments.
///
/// @param retriesMax how often one task is put off
/// @param first the wait before the first retry; each further one is twice as long
/// @param longest no wait of our own is longer
/// @param askedLongest who asks for a longer wait than this is better told to the user than obeyed
public record Backoff(int retriesMax, Duration first, Duration longest, Duration askedLongest) {
  public static final Backoff STANDARD =
      new Backoff(3, Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofMinutes(5));

  /// The wait before the next try; empty when there is none.
  ///
  /// @param retries how often the task was put off already
  /// @param retryAfter what the failing side asked for
  public Optional<Duration> next(
      int retries, @Nullable Duration retryAfter, RandomGenerator random) {
    if (retries >= retriesMax || (retryAfter != null && retryAfter.compareTo(askedLongest) > 0)) {
      return Optional.empty();
    }
    long doubled = first.toMillis() << Math.min(retries, 20);
    long backOff = Math.min(doubled, longest.toMillis());
    // Jitter of a half keeps tasks that failed together from coming back together. It may lengthen
    // what was asked for, never shorten it.
    long jittered = backOff / 2 + random.nextLong(backOff / 2 + 1);
    long asked =
        retryAfter == null ? 0 : retryAfter.toMillis() + random.nextLong(first.toMillis() + 1);
    return Optional.of(Duration.ofMillis(Math.max(jittered, asked)));
  }
}
