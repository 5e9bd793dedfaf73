package dev.artel.base;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.UUID;
import java.util.random.RandomGenerator;

/// Makes ids: UUIDs of version 7 (RFC 9562, 5.7), which sort by the time of their making and keep
/// new rows side by side in an index. Safe for use by many threads.
public final class Ids {
  private final Clock clock;
  private final RandomGenerator random;
  private long lastMillis;
  private int counter;

  public Ids(Clock clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  public static Ids system() {
    return new Ids(Clock.systemUTC(), new SecureRandom());
  }

  public UUID next() {
    long low = random.nextLong();
    long millis;
    int sequence;
    synchronized (this) {
      long now = clock.millis();
      if (now > lastMillis) {
        lastMillis = now;
        counter = random.nextInt(COUNTER_START_MAX);
      } else if (++counter >= COUNTER_LIMIT) {
        lastMillis++;
        counter = 0;
      }
      millis = lastMillis;
      sequence = counter;
    }
    long high = (millis << 16) | 0x7000L | sequence;
    return new UUID(high, (low & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L);
  }

  private static final int COUNTER_LIMIT = 1 << 12;

  /// A counter that starts in the lower half leaves room for a burst within one millisecond.
  private static final int COUNTER_START_MAX = 1 << 11;
}
