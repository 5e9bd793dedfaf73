package dev.artel.event;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What streams tell the operator. No label carries an id.
final class StreamMeters {
  private static final Logger log = LoggerFactory.getLogger(StreamMeters.class);

  private final MeterRegistry registry;
  private final AtomicInteger active = new AtomicInteger();
  private final AtomicLong lagMax = new AtomicLong();
  private final Timer latency;
  private final Counter published;
  private final Counter publishFailed;

  StreamMeters(MeterRegistry registry) {
    this.registry = registry;
    Gauge.builder("streaming_connections_active", active, AtomicInteger::get)
        .description("open event streams")
        .register(registry);
    Gauge.builder("streaming_buffer_lag_lines", lagMax, value -> value.getAndSet(0))
        .description("lines that the slowest live stream was behind since the last scrape")
        .register(registry);
    latency =
        Timer.builder("streaming_delivery_latency")
            .description("from the commit's report to the socket")
            .publishPercentiles(0.5, 0.95, 0.99)
            .serviceLevelObjectives(Duration.ofMillis(100), Duration.ofMillis(500))
            .register(registry);
    published = Counter.builder("outbox_publish_success_total").register(registry);
    publishFailed = Counter.builder("outbox_publish_failed_total").register(registry);
  }

  void opened() {
    active.incrementAndGet();
  }

  void closed(Reader.Outcome outcome) {
    active.decrementAndGet();
    registry
        .counter(
            "streaming_connections_closed",
            "reason",
            outcome.name().toLowerCase(java.util.Locale.ROOT))
        .increment();
    if (outcome == Reader.Outcome.SLOW_CONSUMER) {
      registry.counter("streaming_connections_lost").increment();
    }
  }

  int active() {
    return active.get();
  }

  void delivered(List<Line> lines) {
    long now = System.nanoTime();
    latency.record(now - lines.getFirst().madeNanos(), TimeUnit.NANOSECONDS);
    for (Line line : lines) {
      registry.counter("streaming_events_sent", "type", line.type()).increment();
    }
  }

  void lag(long lines) {
    lagMax.accumulateAndGet(lines, Math::max);
  }

  void lagWarning(StreamRequest request, long lines) {
    log.atWarn()
        .addKeyValue("user", request.user())
        .addKeyValue("project", request.project())
        .addKeyValue("lag_lines", lines)
        .log("a stream is close to being cut; its client reads too slowly");
  }

  void dropped(long lines) {
    registry.counter("streaming_dropped_events").increment((double) lines);
  }

  void published(int events) {
    published.increment(events);
  }

  void publishFailed(int events) {
    publishFailed.increment(events);
  }
}
