package dev.artel.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;

/// The counts of one process. Bounded: when more callers than that come in one window, the counts
/// of the least active are forgotten, in their favour.
final class InProcessWindows implements Windows {
  private static final int BUCKETS_MAX = 100_000;
  private static final Duration IDLE_MAX = Duration.ofMinutes(5);

  private final Ticker ticker;
  private final Cache<String, Counted> counts;

  InProcessWindows(Ticker ticker) {
    this.ticker = ticker;
    this.counts =
        Caffeine.newBuilder()
            .maximumSize(BUCKETS_MAX)
            .expireAfterAccess(IDLE_MAX)
            .ticker(ticker)
            .build();
  }

  @Override
  public Window count(String bucket, Duration length) {
    long now = ticker.read();
    Counted counted =
        counts
            .asMap()
            .merge(
                bucket,
                new Counted(now, 1),
                (known, fresh) ->
                    now - known.start >= length.toNanos()
                        ? fresh
                        : new Counted(known.start, known.count + 1));
    return new Window(counted.count, length.minusNanos(now - counted.start));
  }

  private record Counted(long start, long count) {}
}
