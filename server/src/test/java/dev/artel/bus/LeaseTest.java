package dev.artel.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.artel.acceptance.Accepts;
import dev.artel.protocol.TaskId;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Claims, their leases, and how a run is told to end.
final class LeaseTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /// So seldom that no renewal is what a test sees.
  private static final BusLimits SELDOM_RENEWED =
      new BusLimits(100, 100, Duration.ofSeconds(600), Duration.ofMinutes(10), 3);

  private final BusFixture rows = new BusFixture();
  private final CountDownLatch over = new CountDownLatch(1);

  @AfterEach
  void close() {
    over.countDown();
    rows.close();
  }

  private static void await(Callable<Boolean> condition) {
    Awaitility.await().atMost(PATIENCE).until(condition);
  }

  @Test
  void a_worker_that_lost_its_lease_changes_nothing() throws Exception {
    BusFixture.Team team = rows.team(1);
    var claims = new LinkedBlockingQueue<Claim>();
    Bus bus =
        rows.start(
            BusLimits.STANDARD,
            _ ->
                (claim, _) -> {
                  claims.add(claim);
                  over.await();
                });
    TaskId task = rows.submit(bus, team);
    Claim first = claims.poll(60, TimeUnit.SECONDS);
    assertThat(first.attempt()).isEqualTo(1);

    rows.takeAway(task, team.user());
    Claim second = claims.poll(60, TimeUnit.SECONDS);

    assertThat(second.attempt()).isEqualTo(2);
    assertThat(second.tries()).isEqualTo(2);
    assertThatThrownBy(() -> rows.complete(bus, first)).isInstanceOf(ClaimLost.class);
    assertThatThrownBy(() -> rows.db.does(team.user(), tx -> bus.hold(tx, team.user(), first)))
        .isInstanceOf(ClaimLost.class);
    assertThatThrownBy(() -> rows.db.does(team.user(), tx -> bus.release(tx, team.user(), first)))
        .isInstanceOf(ClaimLost.class);
    assertThat(rows.column(task, team.user(), "status")).isEqualTo("running");
    rows.complete(bus, second);
    assertThat(rows.column(task, team.user(), "status")).isEqualTo("completed");
    assertThatThrownBy(() -> rows.complete(bus, second)).isInstanceOf(ClaimLost.class);
  }

  /// A crash of the database may lose a claim that nothing was written under, and give its number
  /// to the next.
  @Test
  void a_claim_of_the_same_number_by_another_process_ends_this_ones_right() throws Exception {
    BusFixture.Team team = rows.team(1);
    var claims = new LinkedBlockingQueue<Claim>();
    Bus bus =
        rows.start(
            SELDOM_RENEWED,
            _ ->
                (claim, _) -> {
                  claims.add(claim);
                  over.await();
                });
    TaskId task = rows.submit(bus, team);
    Claim lost = claims.poll(60, TimeUnit.SECONDS);
    set(team, task, "lease_owner = gen_random_uuid()");

    assertThatThrownBy(() -> rows.db.does(team.user(), tx -> bus.hold(tx, team.user(), lost)))
        .isInstanceOf(ClaimLost.class);
    assertThatThrownBy(() -> rows.complete(bus, lost)).isInstanceOf(ClaimLost.class);
    assertThatThrownBy(() -> rows.db.does(team.user(), tx -> bus.release(tx, team.user(), lost)))
        .isInstanceOf(ClaimLost.class);
    assertThatThrownBy(
            () -> rows.db.does(team.user(), tx -> bus.stepsDone(tx, team.user(), lost, 1)))
        .isInstanceOf(ClaimLost.class);
    assertThatThrownBy(() ->
            rows.db.does(team.user(), tx -> bus.retry(tx, team.user(), lost, Duration.ZERO, "x")))
        .isInstanceOf(ClaimLost.class);
    assertThat(rows.column(task, team.user(), "status")).isEqualTo("running");
  }

  @Test
  void a_claim_that_was_lost_and_is_made_again_goes_on_with_its_run() throws Exception {
    BusFixture.Team team = rows.team(1);
    var claims = new LinkedBlockingQueue<Claim>();
    Bus bus =
        rows.start(
            SELDOM_RENEWED,
            _ ->
                (claim, _) -> {
                  claims.add(claim);
                  over.await();
                });
    TaskId task = rows.submit(bus, team);
    Claim first = claims.poll(60, TimeUnit.SECONDS);
    set(
        team,
        task,
        "status = 'queued', lease_owner = null, lease_until = null, fence = 0, attempts = 0");
    bus.wake();

    await(() -> "running".equals(rows.column(task, team.user(), "status")));
    // Claimed after it, so that a second run of the first would have begun by now.
    BusFixture.Team other = rows.team(1);
    TaskId later = rows.submit(bus, other);
    assertThat(claims.poll(60, TimeUnit.SECONDS).task()).isEqualTo(later);
    assertThat(bus.active()).isEqualTo(2);
    rows.complete(bus, first);
    assertThat(rows.column(task, team.user(), "status")).isEqualTo("completed");
  }

  private void set(BusFixture.Team team, TaskId task, String columns) {
    rows.db.does(
        team.user(),
        tx ->
            tx.sql("update tasks set " + columns + " where user_id = :user and id = :id")
                .param("user", team.user().value())
                .param("id", task.value())
                .update());
  }

  @Test
  @Accepts("X-04")
  void a_run_that_breaks_off_is_offered_again_when_its_lease_ends() {
    BusFixture.Team team = rows.team(1);
    var attempts = new ConcurrentLinkedQueue<Integer>();
    Bus bus =
        rows.start(
            BusFixture.QUICK,
            self ->
                (claim, _) -> {
                  attempts.add(claim.attempt());
                  if (claim.attempt() < 3) {
                    throw new IllegalStateException("a bug");
                  }
                  rows.complete(self, claim);
                });

    TaskId task = rows.submit(bus, team);

    await(() -> "completed".equals(rows.column(task, team.user(), "status")));
    assertThat(attempts).containsExactly(1, 2, 3);
  }

  @Test
  void a_run_is_told_when_its_lease_or_its_task_is_gone() throws Exception {
    BusFixture.Team team = rows.team(2);
    var reasons = new LinkedBlockingQueue<StopSignal.Reason>();
    Bus bus = rows.start(BusFixture.QUICK, _ -> (_, stop) -> reasons.add(BusFixture.stopped(stop)));
    rows.submit(bus, team);
    await(() -> bus.active() == 1);

    rows.db.does(
        team.user(),
        tx -> tx.sql("delete from users where id = :id").param("id", team.user().value()).update());

    assertThat(reasons.poll(60, TimeUnit.SECONDS)).isEqualTo(StopSignal.Reason.GONE);
  }

  @Test
  void a_stop_reaches_a_run_in_another_process() throws Exception {
    BusFixture.Team team = rows.team(1);
    var reasons = new LinkedBlockingQueue<StopSignal.Reason>();
    Bus running =
        rows.start(BusFixture.QUICK, _ -> (_, stop) -> reasons.add(BusFixture.stopped(stop)));
    Bus other = rows.bus(BusLimits.STANDARD);
    TaskId task = rows.submit(running, team);
    await(() -> running.active() == 1);

    rows.db.does(team.user(), tx -> other.stopWith(tx, team.user(), task));

    assertThat(reasons.poll(60, TimeUnit.SECONDS)).isEqualTo(StopSignal.Reason.USER);
  }

  @Test
  void a_stop_that_comes_between_claim_and_start_is_heard_when_the_claim_is_held()
      throws Exception {
    BusFixture.Team team = rows.team(1);
    var claimed = new CountDownLatch(1);
    var asked = new CountDownLatch(1);
    var reasons = new LinkedBlockingQueue<StopSignal.Reason>();
    Bus bus =
        rows.start(
            SELDOM_RENEWED,
            self ->
                (claim, stop) -> {
                  claimed.countDown();
                  asked.await();
                  rows.db.does(claim.user(), tx -> self.hold(tx, claim.user(), claim));
                  reasons.add(BusFixture.stopped(stop));
                });
    TaskId task = rows.submit(bus, team);
    claimed.await();
    rows.db.does(team.user(), tx -> new TaskStore().requestStop(tx, team.user(), task));

    asked.countDown();

    assertThat(reasons.poll(60, TimeUnit.SECONDS)).isEqualTo(StopSignal.Reason.USER);
  }

  @Test
  void running_time_has_an_end() throws Exception {
    BusFixture.Team team = rows.team(1);
    var reasons = new LinkedBlockingQueue<StopSignal.Reason>();
    Bus bus =
        rows.start(
            new BusLimits(100, 10, Duration.ofMillis(300), Duration.ofMillis(400), 3),
            _ -> (_, stop) -> reasons.add(BusFixture.stopped(stop)));
    rows.submit(bus, team);

    assertThat(reasons.poll(60, TimeUnit.SECONDS)).isEqualTo(StopSignal.Reason.TIMEOUT);
  }

  @Test
  void at_the_end_waiting_callers_go_and_what_runs_is_told_and_handed_on() throws Exception {
    BusFixture.Team team = rows.team(1);
    var reasons = new LinkedBlockingQueue<StopSignal.Reason>();
    Bus first =
        rows.start(
            BusLimits.STANDARD,
            self ->
                (claim, stop) -> {
                  reasons.add(BusFixture.stopped(stop));
                  rows.db.does(claim.user(), tx -> self.release(tx, claim.user(), claim));
                });
    TaskId task = rows.submit(first, team);
    await(() -> first.active() == 1);
    try (Bus.Wait wait = first.expect(task)) {
      first.letCallersGo();
      assertThat(wait.await(PATIENCE)).isEmpty();
    }

    first.close();

    assertThat(reasons).containsExactly(StopSignal.Reason.SHUTDOWN);
    var attempts = new LinkedBlockingQueue<Claim>();
    rows.start(
        BusLimits.STANDARD,
        self ->
            (claim, _) -> {
              attempts.add(claim);
              rows.complete(self, claim);
            });
    Claim again = attempts.poll(60, TimeUnit.SECONDS);
    assertThat(again.task()).isEqualTo(task);
    assertThat(again.attempt()).isEqualTo(2);
    assertThat(again.tries()).as("a hand-back costs no try").isEqualTo(1);
    assertThat(again.remaining()).isLessThan(BusLimits.STANDARD.runningTime());
  }

  @Test
  void a_task_that_its_user_is_changing_is_passed_over_and_taken_up_behind_it() throws Exception {
    BusFixture.Team team = rows.team(5);
    Set<TaskId> done = ConcurrentHashMap.newKeySet();
    Bus idle = rows.bus(BusLimits.STANDARD);
    TaskId held = rows.submit(idle, team);
    var letGo = new CountDownLatch(1);
    var holding = new CountDownLatch(1);
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      var _ =
          pool.submit(() ->
              rows.db.<Boolean>as(
                  team.user(),
                  tx -> {
                    boolean queued = idle.holdQueued(tx, team.user(), held);
                    holding.countDown();
                    try {
                      letGo.await();
                    } catch (InterruptedException _) {
                      Thread.currentThread().interrupt();
                    }
                    return queued;
                  }));
      holding.await();
      Bus bus =
          rows.start(
              BusLimits.STANDARD,
              self ->
                  (claim, _) -> {
                    rows.complete(self, claim);
                    done.add(claim.task());
                  });
      TaskId free = rows.submit(bus, team);
      await(() -> done.contains(free));
      assertThat(done).doesNotContain(held);
      letGo.countDown();
    }

    await(() -> done.contains(held));
  }
}
