package dev.artel.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.artel.acceptance.Accepts;
import dev.artel.base.Fault;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.ErrorCode;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.TaskStatus;
import dev.artel.testing.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Agents come to the bus and leave it.
final class RegistrationTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final BusLimits LEAVING_AT_ONCE =
      BusFixture.QUICK.leavingWithin(Duration.ofMillis(200));

  private final BusFixture rows = new BusFixture();
  private final BusFixture.Team team = rows.team(1);
  private final CountDownLatch over = new CountDownLatch(1);

  @AfterEach
  void close() {
    over.countDown();
    rows.close();
  }

  private static void refuses(ErrorCode code, String message, Runnable act) {
    assertThatThrownBy(act::run)
        .isInstanceOfSatisfying(
            Fault.class,
            fault -> {
              assertThat(fault.code()).isEqualTo(code);
              assertThat(fault).hasMessage(message);
            });
  }

  @Test
  @Accepts("S6.2")
  void registering_and_deregistering_say_what_is_wrong() {
    Bus bus = rows.bus(BusLimits.STANDARD);
    var nobody = new AgentId(rows.ids.next());
    BusFixture.Team stranger = rows.team(1);

    for (int limit : new int[] {-1, 0, 11}) {
      refuses(
          ErrorCode.VALIDATION_ERROR,
          "Invalid concurrency limit",
          () -> bus.register(team.user(), team.agent(), limit));
    }
    refuses(
        ErrorCode.CONFLICT,
        "Agent already registered",
        () -> bus.register(team.user(), team.agent(), 3));
    refuses(ErrorCode.NOT_FOUND, "Agent not found", () -> bus.register(team.user(), nobody, 3));
    refuses(
        ErrorCode.NOT_FOUND,
        "Agent not registered",
        () -> bus.deregister(team.user(), nobody, Departure.RUNNING_ENDS));
    refuses(
        ErrorCode.NOT_FOUND,
        "Agent not registered",
        () -> bus.deregister(stranger.user(), team.agent(), Departure.RUNNING_ENDS));
    assertThat(bus.isRegistered(team.user(), nobody)).isFalse();
    assertThat(bus.isRegistered(team.user(), team.agent())).isTrue();

    bus.deregister(team.user(), team.agent(), Departure.RUNNING_ENDS);

    assertThat(bus.isRegistered(team.user(), team.agent())).isFalse();
    refuses(
        ErrorCode.NOT_FOUND,
        "Agent not registered",
        () -> bus.deregister(team.user(), team.agent(), Departure.QUEUE_DRAINS));
    refuses(
        ErrorCode.AGENT_UNAVAILABLE,
        "Agent not registered",
        () -> rows.submit(bus, team, Priority.NORMAL));
    for (int limit : new int[] {1, 10}) {
      bus.register(team.user(), team.agent(), limit);
      assertThat(bus.isRegistered(team.user(), team.agent())).isTrue();
      assertThat(
              rows.db.<Integer>read(
                  team.user(),
                  tx ->
                      tx.sql(
                              "select concurrency_limit from user_agents where user_id = :user and id = :id")
                          .param("user", team.user().value())
                          .param("id", team.agent().value())
                          .query(Integer.class)
                          .single()))
          .isEqualTo(limit);
      bus.deregister(team.user(), team.agent(), Departure.QUEUE_DRAINS);
    }
  }

  @Test
  @Accepts("S6.3")
  void what_runs_may_end_and_what_waits_is_cancelled_with_its_waiter_released() throws Exception {
    var started = new CountDownLatch(1);
    Bus bus =
        rows.start(
            BusFixture.QUICK,
            self ->
                (claim, _) -> {
                  started.countDown();
                  over.await();
                  rows.complete(self, claim);
                });
    TaskId runs = rows.submit(bus, team, Priority.NORMAL);
    started.await();
    TaskId waits = rows.submit(bus, team);
    try (Bus.Wait wait = bus.expect(waits)) {
      bus.deregister(team.user(), team.agent(), Departure.RUNNING_ENDS);

      assertThat(wait.await(PATIENCE)).contains(TaskStatus.CANCELLED);
    }
    assertThat(rows.column(waits, team.user(), "error")).isEqualTo(Registrations.REASON);
    assertThat(rows.status(runs, team)).isEqualTo("running");
    assertThat(bus.isRegistered(team.user(), team.agent())).isTrue();

    over.countDown();
    rows.await(() -> !bus.isRegistered(team.user(), team.agent()));
    assertThat(rows.status(runs, team)).isEqualTo("completed");
  }

  @Test
  @Accepts("S6.3")
  void a_graceful_departure_drains_the_queue() throws Exception {
    var started = new CountDownLatch(1);
    Bus bus =
        rows.start(
            BusFixture.QUICK,
            self ->
                (claim, _) -> {
                  started.countDown();
                  over.await();
                  rows.complete(self, claim);
                });
    List<TaskId> tasks = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      tasks.add(rows.submit(bus, team, Priority.NORMAL));
    }
    started.await();

    bus.deregister(team.user(), team.agent(), Departure.QUEUE_DRAINS);
    assertThatThrownBy(() -> rows.submit(bus, team, Priority.NORMAL)).isInstanceOf(Fault.class);
    over.countDown();

    rows.await(() -> !bus.isRegistered(team.user(), team.agent()));
    assertThat(tasks)
        .allSatisfy(task -> assertThat(rows.status(task, team)).isEqualTo("completed"));
  }

  @Test
  @Accepts("S6.3")
  void when_the_time_is_over_the_rest_is_stopped_and_cancelled_by_whichever_process_lives()
      throws Exception {
    var started = new CountDownLatch(1);
    var reasons = new ConcurrentLinkedQueue<StopSignal.Reason>();
    rows.start(
        LEAVING_AT_ONCE,
        self ->
            (claim, stop) -> {
              started.countDown();
              reasons.add(BusFixture.stopped(stop));
              rows.end(self, claim, new TaskEnd.Cancelled("stopped", null));
            });
    Bus asks = rows.bus(LEAVING_AT_ONCE);
    TaskId runs = rows.submit(asks, team, Priority.HIGH);
    TaskId waits = rows.submit(asks, team, Priority.NORMAL);
    started.await();

    asks.deregister(team.user(), team.agent(), Departure.QUEUE_DRAINS);

    rows.await(() -> !asks.isRegistered(team.user(), team.agent()));
    assertThat(reasons).containsExactly(StopSignal.Reason.USER);
    assertThat(rows.status(runs, team)).isEqualTo("cancelled");
    assertThat(rows.status(waits, team)).isEqualTo("cancelled");
    assertThat(World.shared().door(BusLimits.class).leaving()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void submitting_registering_and_deregistering_at_once_leave_no_task_behind() throws Exception {
    Bus bus = rows.start(BusFixture.QUICK, self -> (claim, _) -> rows.complete(self, claim));
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        all.add(pool.submit(() -> tolerant(() -> rows.submit(bus, team, Priority.NORMAL))));
        all.add(pool.submit(() -> tolerant(() -> bus.register(team.user(), team.agent(), 3))));
        all.add(
            pool.submit(() ->
                tolerant(() -> bus.deregister(team.user(), team.agent(), Departure.RUNNING_ENDS))));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    tolerant(() -> bus.deregister(team.user(), team.agent(), Departure.QUEUE_DRAINS));

    rows.await(() -> !bus.isRegistered(team.user(), team.agent()));
    rows.await(
        () -> rows.count(team.user(), "queued") == 0 && rows.count(team.user(), "running") == 0);
    assertThat(rows.count(team.user(), "completed") + rows.count(team.user(), "cancelled"))
        .isBetween(0, 20);
  }

  private static void tolerant(Runnable act) {
    try {
      act.run();
    } catch (Fault _) {
      // Any order of the three is right.
    }
  }

  @Test
  @Accepts("S6.5")
  void a_new_limit_holds_for_the_next_start_and_interrupts_nothing() {
    BusFixture.Team many = rows.team(3);
    var release = new ConcurrentLinkedQueue<CountDownLatch>();
    Bus bus =
        rows.start(
            BusLimits.STANDARD,
            self ->
                (claim, _) -> {
                  var go = new CountDownLatch(1);
                  release.add(go);
                  go.await();
                  rows.complete(self, claim);
                });
    for (int i = 0; i < 6; i++) {
      rows.submit(bus, many, Priority.NORMAL);
    }
    rows.await(() -> release.size() == 3);
    assertThat(rows.count(many.user(), "running")).isEqualTo(3);

    rows.setLimit(many, 1);
    release.poll().countDown();
    release.poll().countDown();
    rows.await(() -> rows.count(many.user(), "completed") == 2);
    assertThat(rows.count(many.user(), "running")).as("no new start").isEqualTo(1);

    rows.setLimit(many, 2);
    TaskId _ = rows.submit(bus, many, Priority.NORMAL);
    rows.await(() -> release.size() == 2);
    assertThat(rows.count(many.user(), "running")).isEqualTo(2);
    rows.await(() -> {
      release.forEach(CountDownLatch::countDown);
      return rows.count(many.user(), "completed") == 7;
    });
  }
}
