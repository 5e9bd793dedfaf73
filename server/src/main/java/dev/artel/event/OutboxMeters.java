package dev.artel.event;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// What the way from the log to the streams tells the operator.
final class OutboxMeters {
  private final Clock clock;
  private final Counter published;
  private final Counter failed;
  private final DistributionSummary latency;
  private volatile Waiting waiting = new Waiting(0, 0, 0);

  /// @param pending events that are tried again
  /// @param failed events that wait for a person
  record Waiting(long pending, long failed, double oldestPendingSeconds) {}

  OutboxMeters(MeterRegistry registry, Clock clock) {
    this.clock = clock;
    published =
        Counter.builder("outbox_publish_success")
            .description("events passed on to the streams")
            .register(registry);
    failed =
        Counter.builder("outbox_publish_failed")
            .description("attempts to pass an event on that failed")
            .register(registry);
    latency =
        DistributionSummary.builder("outbox_publish_latency_ms")
            .description("from the numbering of an event to its passing on")
            .serviceLevelObjectives(10, 50, 100, 500, 1000, 5000)
            .register(registry);
    gauge(registry, "outbox_pending_count", Waiting::pending);
    gauge(registry, "outbox_failed_count", Waiting::failed);
    gauge(registry, "outbox_oldest_pending_age_seconds", Waiting::oldestPendingSeconds);
  }

  private void gauge(MeterRegistry registry, String name, ToDoubleFunction<Waiting> value) {
    Gauge.builder(name, this, meters -> value.applyAsDouble(meters.waiting)).register(registry);
  }

  void published(List<Encoder.Envelope> events) {
    published.increment(events.size());
    long millis = Duration.between(events.getFirst().at(), clock.instant()).toMillis();
    // The two clocks are the database's and ours.
    latency.record(Math.max(0, millis));
  }

  void retried() {
    published.increment();
  }

  void failed(int events) {
    failed.increment(events);
  }

  void waiting(Waiting now) {
    waiting = now;
  }
}
