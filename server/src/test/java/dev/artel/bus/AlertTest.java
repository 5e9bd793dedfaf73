package dev.artel.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.artel.base.Fault;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.TaskStatus;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What the bus tells the operator.
final class AlertTest {
  private static final BusLimits TEN =
      new BusLimits(10, 100, Duration.ofSeconds(60), Duration.ofSeconds(6), 3);

  private final BusFixture rows = new BusFixture();
  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final BusFixture.Team team = rows.team(1);
  private final Bus bus =
      Bus.create(rows.db, rows.events, rows.ids, TEN, registry, () -> BusFixture.NO_ORIGIN);

  @AfterEach
  void close() {
    bus.close();
    rows.close();
  }

  private double counted(String name) {
    return registry.get(name).counter().count();
  }

  @Test
  void a_queue_that_grows_to_eighty_percent_raises_the_alert_once() {
    List<TaskId> tasks = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      tasks.add(rows.submit(bus, team, Priority.NORMAL));
    }
    assertThat(counted("agent_queue_alerts")).isZero();

    for (int i = 0; i < 3; i++) {
      tasks.add(rows.submit(bus, team, Priority.NORMAL));
    }
    assertThatThrownBy(() -> rows.submit(bus, team, Priority.NORMAL)).isInstanceOf(Fault.class);

    assertThat(counted("agent_queue_alerts")).isEqualTo(1);
    assertThat(counted("agent_queue_refused")).isEqualTo(1);
    var queues = new QueueStore();
    BusMeters.Census census = rows.db.dispatch(tx -> queues.census(tx, TEN.alertAt()));
    assertThat(census).isEqualTo(new BusMeters.Census(10, 0, 1, 10, 1));
    List<QueueStore.Full> full = rows.db.dispatch(tx -> queues.full(tx, TEN.alertAt()));
    assertThat(full).containsExactly(new QueueStore.Full(team.user(), team.agent(), 10));
    List<QueueStore.Full> fuller = rows.db.dispatch(tx -> queues.full(tx, 11));
    assertThat(fuller).isEmpty();

    rows.db.does(
        team.user(),
        tx -> {
          boolean done =
              bus.cancelQueued(tx, team.user(), team.project(), null, tasks.getFirst(), "no");
          assertThat(done).isTrue();
        });
    assertThat(
            registry
                .get("agent_tasks")
                .tag("status", TaskStatus.CANCELLED.word())
                .counter()
                .count())
        .isEqualTo(1);
  }

  @Test
  void what_runs_ends_and_is_put_off_is_counted() {
    bus.start((claim, _) -> {
      if (claim.retries() == 0) {
        rows.db.does(
            claim.user(),
            tx -> bus.retry(tx, claim.user(), claim, Duration.ofMillis(1), "timeout"));
      } else {
        rows.complete(bus, claim);
      }
    });
    TaskId task = rows.submit(bus, team, Priority.NORMAL);
    rows.await(() -> "completed".equals(rows.status(task, team)));

    rows.await(() ->
        registry.get("agent_tasks").tag("status", "completed").counter().count() == 1
            && counted("agent_tasks_retried") == 1
            && registry.get("agent_tasks_duration").timer().count() == 1
            && registry.get("agent_tasks_wait").timer().count() == 1);
    rows.await(() -> registry.get("agent_tasks_running").gauge().value() == 0);
    assertThat(registry.get("agent_bus_overloaded").gauge().value()).isZero();
    assertThat(registry.get("agent_queue_size").gauge().value()).isZero();
    assertThat(registry.getMeters().stream().flatMap(meter -> meter.getId().getTags().stream()))
        .as("no label carries an id")
        .allSatisfy(tag -> assertThat(tag.getKey()).isEqualTo("status"));
  }
}
