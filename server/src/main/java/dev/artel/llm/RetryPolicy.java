package dev.artel.llm;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Decides whether and when a failed attempt is repeated: only what may pass by itself, only before
/// the first token, since after it the user would see the answer begin twice and pay twice.
final class RetryPolicy {
  private static final Duration FIRST = Duration.ofMillis(500);
  private static final Duration LONGEST = Duration.ofSeconds(8);
  // A provider that asks for more is better told to the user than waited for.
  private static final Duration RETRY_AFTER_LONGEST = Duration.ofSeconds(60);

  private final int triesMax;
  private final RandomGenerator random;

  RetryPolicy(int triesMax, RandomGenerator random) {
    this.triesMax = triesMax;
    this.random = random;
  }

  /// The wait before the next attempt, or null for none.
  @Nullable Duration next(int attempt, boolean started, ModelFault fault) {
    if (started || !fault.retryable() || attempt >= triesMax) {
      return null;
    }
    Duration asked = fault.retryAfter();
    if (asked != null && asked.compareTo(RETRY_AFTER_LONGEST) > 0) {
      return null;
    }
    Duration doubled = FIRST.multipliedBy(1L << Math.min(attempt - 1, 10));
    Duration backOff = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
    // Jitter of a half keeps many calls that failed together from coming back together. It may
    // lengthen what the provider asked for, never shorten it.
    long half = backOff.toMillis() / 2;
    long jittered = half + random.nextLong(half + 1);
    return asked == null
        ? Duration.ofMillis(jittered)
        : asked.plusMillis(random.nextLong(FIRST.toMillis()));
  }
}
