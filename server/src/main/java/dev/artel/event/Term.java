package dev.artel.event;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/// How long one connection may last: until its token expires, and no longer than any may. It holds
/// in mid-replay as well as live, so that a client which reads slowly gains nothing by it.
final class Term {
  private final Supplier<Instant> now;
  private final Instant expiresAt;
  private final Duration maxAge;
  private final long openedNanos = System.nanoTime();

  /// @param maxAge zero: for ever
  Term(Supplier<Instant> now, Instant expiresAt, Duration maxAge) {
    this.now = now;
    this.expiresAt = expiresAt;
    this.maxAge = maxAge;
  }

  boolean over() {
    return tokenExpired() || tooOld();
  }

  boolean tokenExpired() {
    return now.get().isAfter(expiresAt);
  }

  boolean tooOld() {
    return !maxAge.isZero() && System.nanoTime() - openedNanos > maxAge.toNanos();
  }

  /// How long it makes sense to sleep before the token is looked at again.
  long untilExpiryNanos() {
    Instant present = now.get();
    return present.plusSeconds(3600).isBefore(expiresAt)
        ? Long.MAX_VALUE
        : Duration.between(present, expiresAt).plusMillis(1).toNanos();
  }
}
