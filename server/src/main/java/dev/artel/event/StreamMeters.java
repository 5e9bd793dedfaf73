package dev.artel.event;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.DoubleAccumulator;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What streams tell the operator. No label carries an id.
final class StreamMeters {
  private static final Logger log = LoggerFactory.getLogger(StreamMeters.class);

  private final MeterRegistry registry;
  private final AtomicInteger active = new AtomicInteger();
  private final DoubleAccumulator fillMax = new DoubleAccumulator(Math::max, 0);
  private final Timer latency;
  private final Counter dropped;
  private final Counter lost;
  private final Map<String, Counter> sentByType = new ConcurrentHashMap<>();

  StreamMeters(MeterRegistry registry) {
    this.registry = registry;
    Gauge.builder("streaming_connections_active", active, AtomicInteger::get)
        .description("open event streams")
        .register(registry);
    Gauge.builder("streaming_buffer_fill_ratio", fillMax, DoubleAccumulator::getThenReset)
        .description("how near the slowest live stream came to being cut since the last scrape")
        .register(registry);
    latency =
        Timer.builder("streaming_delivery_latency")
            .description("from the commit's report to the socket")
            .publishPercentileHistogram()
            .minimumExpectedValue(Duration.ofMillis(1))
            .maximumExpectedValue(Duration.ofSeconds(10))
            .serviceLevelObjectives(Duration.ofMillis(100), Duration.ofMillis(500))
            .register(registry);
    dropped =
        Counter.builder("streaming_dropped_events")
            .description("lines that cut connections had not been sent; they are in the log")
            .register(registry);
    lost =
        Counter.builder("streaming_connections_lost")
            .description("connections that were cut or broke")
            .register(registry);
  }

  /// The spread over users and sessions, without naming any.
  void spread(IntSupplier users, IntSupplier userMax, IntSupplier sessionMax) {
    gauge("streaming_connections_users", "users with open streams", users);
    gauge("streaming_connections_per_user_max", "open streams of the busiest user", userMax);
    gauge(
        "streaming_connections_per_session_max", "open streams of the busiest session", sessionMax);
  }

  private void gauge(String name, String description, IntSupplier value) {
    Gauge.builder(name, value, IntSupplier::getAsInt).description(description).register(registry);
  }

  void opened() {
    active.incrementAndGet();
  }

  void closed(Reader.Outcome outcome, long unsent) {
    active.decrementAndGet();
    registry
        .counter("streaming_connections_closed", "reason", outcome.name().toLowerCase(Locale.ROOT))
        .increment();
    switch (outcome) {
      case SLOW_CONSUMER, BROKEN -> {
        lost.increment();
        dropped.increment(unsent);
      }
      case CLIENT_LEFT -> lost.increment();
      case TOLD_TO_END, TOKEN_EXPIRED, MAX_AGE -> {}
    }
  }

  int active() {
    return active.get();
  }

  /// Lines that were sent as they came.
  void delivered(List<Line> lines) {
    latency.record(System.nanoTime() - lines.getFirst().madeNanos(), TimeUnit.NANOSECONDS);
    sent(lines);
  }

  void sent(List<Line> lines) {
    for (Line line : lines) {
      sentByType
          .computeIfAbsent(
              line.type(), type -> registry.counter("streaming_events_sent", "type", type))
          .increment();
    }
  }

  /// @param fill of what the ring may hold for one reader, the part that it holds
  void fill(double fill) {
    if (fill > 0) {
      fillMax.accumulate(fill);
    }
  }

  void fillWarning(StreamRequest request, long lines) {
    log.atWarn()
        .addKeyValue("user", request.user())
        .addKeyValue("project", request.project())
        .addKeyValue("session", request.session())
        .addKeyValue("lag_lines", lines)
        .log("a stream is close to being cut; its client reads too slowly");
  }
}
