package dev.artel.bus;

import dev.artel.protocol.TaskStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.ToDoubleFunction;

/// What the bus tells the operator. No label carries an id; the queue of one agent is shown by the
/// routes.
final class BusMeters {
  private final Map<TaskStatus, Counter> ended = new EnumMap<>(TaskStatus.class);
  private final Counter retried;
  private final Counter refused;
  private final Counter alerts;
  private final Timer duration;
  private final Timer waited;
  private final MeterRegistry registry;
  private volatile Census census = new Census(0, 0, 0, 0, 0);

  /// All queues together.
  ///
  /// @param queues agents for which something waits
  /// @param fullest tasks in the fullest one
  /// @param over how many are nearly full
  record Census(long queued, long waiting, long queues, long fullest, long over) {}

  BusMeters(MeterRegistry registry) {
    this.registry = registry;
    for (TaskStatus status :
        new TaskStatus[] {TaskStatus.COMPLETED, TaskStatus.FAILED, TaskStatus.CANCELLED}) {
      ended.put(
          status,
          Counter.builder("agent_tasks")
              .description("tasks that ended here")
              .tag("status", status.word())
              .register(registry));
    }
    retried = counter("agent_tasks_retried", "tasks put off after a temporary error");
    refused = counter("agent_queue_refused", "tasks refused because their agent's queue was full");
    alerts = counter("agent_queue_alerts", "times that a queue grew to 80 % of its places");
    duration = timer("agent_tasks_duration", "running time of an attempt that ended a task");
    waited = timer("agent_tasks_wait", "from a task's admission to its first start");
    census("agent_queue_size", "tasks that wait, in all queues", Census::queued);
    census("agent_queues", "agents for which something waits", Census::queues);
    census("agent_queue_fullest", "tasks in the fullest queue", Census::fullest);
    census("agent_queues_over_80_percent", "queues that are nearly full", Census::over);
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }

  private Timer timer(String name, String description) {
    return Timer.builder(name)
        .description(description)
        .publishPercentileHistogram()
        .minimumExpectedValue(Duration.ofMillis(1))
        .maximumExpectedValue(Duration.ofSeconds(600))
        .register(registry);
  }

  private void census(String name, String description, ToDoubleFunction<Census> value) {
    Gauge.builder(name, this, meters -> value.applyAsDouble(meters.census))
        .description(description)
        .register(registry);
  }

  /// What this process itself knows.
  void watch(DoubleSupplier running, DoubleSupplier overloaded) {
    Gauge.builder("agent_tasks_running", running::getAsDouble)
        .description("tasks that run in this process")
        .strongReference(true)
        .register(registry);
    Gauge.builder("agent_bus_overloaded", overloaded::getAsDouble)
        .description("1 while this process starts urgent work only")
        .strongReference(true)
        .register(registry);
  }

  void ended(TaskStatus status, Duration took) {
    Counter counter = ended.get(status);
    if (counter != null) {
      counter.increment();
    }
    duration.record(took);
  }

  /// Tasks that ended without having run.
  void cancelled(int tasks) {
    Counter counter = ended.get(TaskStatus.CANCELLED);
    if (counter != null) {
      counter.increment(tasks);
    }
  }

  void started(Duration afterAdmission) {
    waited.record(afterAdmission);
  }

  void retried() {
    retried.increment();
  }

  void refused() {
    refused.increment();
  }

  void alert() {
    alerts.increment();
  }

  void census(Census now) {
    census = now;
  }
}
