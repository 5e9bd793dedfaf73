package dev.artel.base;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

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

  /// The id that a text spells in its one canonical form, in either letter case. The library's own
  /// parser also takes `1-1-1-1-1`, which would give one thing many addresses.
  public static Optional<UUID> parse(String text) {
    return CANONICAL.matcher(text).matches()
        ? Optional.of(UUID.fromString(text))
        : Optional.empty();
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

  private static final Pattern CANONICAL =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private static final int COUNTER_LIMIT = 1 << 12;

  /// A counter that starts in the lower half leaves room for a burst within one millisecond.
  private static final int COUNTER_START_MAX = 1 << 11;
}
