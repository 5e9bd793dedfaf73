package dev.artel.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.artel.base.Fault;
import dev.artel.db.Tx;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.ErrorCode;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.TaskStatus;
import dev.artel.protocol.UserId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class BusTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final BusFixture rows = new BusFixture();
  private final List<Bus> buses = new ArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);

  /// A process with its handler.
  private Bus start(BusLimits limits, Function<Bus, TaskHandler> handler) {
    Bus bus = rows.bus(limits);
    buses.add(bus);
    bus.start(handler.apply(bus));
    return bus;
  }

  @AfterEach
  void close() {
    over.countDown();
    buses.forEach(Bus::close);
    rows.clear();
  }

  private static void await(Callable<Boolean> condition) {
    Awaitility.await().atMost(PATIENCE).until(condition);
  }

  @Test
  void an_agents_limit_and_a_sessions_order_are_exact_under_stress_and_across_processes() {
    BusFixture.Team team = rows.team(3);
    var atAgent = new AtomicInteger();
    var mostAtAgent = new AtomicInteger();
    Map<SessionId, AtomicInteger> inSession = new ConcurrentHashMap<>();
    Queue<String> broken = new ConcurrentLinkedQueue<>();
    Map<SessionId, Queue<TaskId>> order = new ConcurrentHashMap<>();
    var three = new CountDownLatch(3);
    Function<Bus, TaskHandler> handler =
        bus ->
            (claim, _) -> {
              SessionId session = Objects.requireNonNull(claim.session());
              int now = atAgent.incrementAndGet();
              mostAtAgent.accumulateAndGet(now, Math::max);
              if (inSession.computeIfAbsent(session, _ -> new AtomicInteger()).incrementAndGet()
                  > 1) {
                broken.add("two of one session");
              }
              order.computeIfAbsent(session, _ -> new ConcurrentLinkedQueue<>()).add(claim.task());
              three.countDown();
              three.await();
              inSession.get(session).decrementAndGet();
              atAgent.decrementAndGet();
              rows.complete(bus, claim);
            };
    Bus idle = rows.bus(BusLimits.STANDARD);
    Map<SessionId, List<TaskId>> submitted = new HashMap<>();
    for (int s = 0; s < 8; s++) {
      SessionId session = rows.session(team);
      for (int t = 0; t < 8; t++) {
        submitted
            .computeIfAbsent(session, _ -> new ArrayList<>())
            .add(rows.submit(idle, team, session));
      }
    }
    start(BusLimits.STANDARD, handler);
    start(BusLimits.STANDARD, handler);

    await(() -> rows.count(team.user(), "completed") == 64);

    assertThat(broken).isEmpty();
    assertThat(mostAtAgent.get()).isEqualTo(3);
    submitted.forEach(
        (session, tasks) -> assertThat(order.get(session)).containsExactlyElementsOf(tasks));
  }

  @Test
  void a_queue_takes_exactly_as_many_as_it_may_however_many_push() throws Exception {
    BusFixture.Team team = rows.team(1);
    Bus bus = rows.bus(new BusLimits(10, 100, Duration.ofSeconds(60), Duration.ofSeconds(8), 3));
    var refused = new ConcurrentLinkedQueue<Fault>();
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 30; i++) {
        var _ =
            pool.submit(() -> {
              try {
                rows.submit(bus, team);
              } catch (Fault full) {
                refused.add(full);
              }
            });
      }
    }

    assertThat(rows.count(team.user(), "queued")).isEqualTo(10);
    assertThat(refused).hasSize(20);
    assertThat(refused)
        .allSatisfy(fault -> {
          assertThat(fault.code()).isEqualTo(ErrorCode.QUEUE_FULL);
          assertThat(fault.retryAfter()).isNotNull();
        });
    int stored =
        rows.db.read(
            team.user(),
            tx ->
                tx.sql("select count(*) from messages where user_id = :user")
                    .param("user", team.user().value())
                    .query(Integer.class)
                    .single());
    assertThat(stored).as("what is refused is not stored").isEqualTo(10);
    assertThat(bus.limits().queuePerAgent()).isEqualTo(10);
    Map<AgentId, QueueLoad> loads =
        rows.db.read(team.user(), tx -> bus.loads(tx, team.user(), team.project()));
    assertThat(loads).isEqualTo(Map.of(team.agent(), new QueueLoad(10, 10, 0, 0)));
    cancelAll(bus, team);
  }

  private void cancelAll(Bus bus, BusFixture.Team team) {
    rows.db.does(team.user(), tx -> bus.forgetProject(tx, team.user(), team.project()));
    rows.db.does(
        team.user(),
        tx ->
            tx.sql("delete from user_projects where user_id = :user")
                .param("user", team.user().value())
                .update());
  }

  @Test
  void users_take_turns() {
    BusFixture.Team rich = rows.team(10);
    BusFixture.Team poor = rows.team(10);
    Bus idle = rows.bus(BusLimits.STANDARD);
    for (int i = 0; i < 30; i++) {
      rows.submit(idle, rich);
    }
    rows.submit(idle, poor);
    var order = new LinkedBlockingQueue<UserId>();
    Bus bus =
        start(
            new BusLimits(100, 2, Duration.ofSeconds(60), Duration.ofSeconds(8), 3),
            self ->
                (claim, _) -> {
                  order.add(claim.user());
                  rows.complete(self, claim);
                });
    await(() -> rows.count(rich.user(), "completed") == 30);

    assertThat(new ArrayList<>(order).indexOf(poor.user())).isLessThan(2);
    assertThat(bus.active()).isZero();
  }

  @Test
  void a_worker_that_lost_its_lease_changes_nothing() throws Exception {
    BusFixture.Team team = rows.team(1);
    var claims = new LinkedBlockingQueue<Claim>();
    Bus bus =
        start(
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

  @Test
  void a_run_that_breaks_off_is_offered_again_when_its_lease_ends() {
    BusFixture.Team team = rows.team(1);
    var attempts = new ConcurrentLinkedQueue<Integer>();
    Bus bus =
        start(
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
    Bus bus = start(BusFixture.QUICK, _ -> (_, stop) -> reasons.add(stopped(stop)));
    rows.submit(bus, team);
    await(() -> bus.active() == 1);

    rows.db.does(
        team.user(),
        tx -> tx.sql("delete from users where id = :id").param("id", team.user().value()).update());

    assertThat(reasons.poll(60, TimeUnit.SECONDS)).isEqualTo(StopSignal.Reason.GONE);
  }

  private StopSignal.Reason stopped(StopSignal stop) throws InterruptedException {
    var told = new CountDownLatch(1);
    stop.onStop(told::countDown);
    assertThat(told.await(60, TimeUnit.SECONDS)).isTrue();
    return Objects.requireNonNull(stop.reason());
  }

  @Test
  void a_stop_reaches_a_run_in_another_process() throws Exception {
    BusFixture.Team team = rows.team(1);
    var reasons = new LinkedBlockingQueue<StopSignal.Reason>();
    Bus running = start(BusFixture.QUICK, _ -> (_, stop) -> reasons.add(stopped(stop)));
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
        start(
            BusLimits.STANDARD,
            self ->
                (claim, stop) -> {
                  claimed.countDown();
                  asked.await();
                  rows.db.does(claim.user(), tx -> self.hold(tx, claim.user(), claim));
                  reasons.add(stopped(stop));
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
        start(
            new BusLimits(100, 10, Duration.ofMillis(300), Duration.ofMillis(400), 3),
            _ -> (_, stop) -> reasons.add(stopped(stop)));
    rows.submit(bus, team);

    assertThat(reasons.poll(60, TimeUnit.SECONDS)).isEqualTo(StopSignal.Reason.TIMEOUT);
  }

  @Test
  void a_queued_task_can_be_cancelled_once_and_whoever_waits_is_let_go() throws Exception {
    BusFixture.Team team = rows.team(1);
    Bus bus = rows.bus(BusLimits.STANDARD);
    SessionId session = rows.session(team);
    TaskId task = rows.submit(bus, team, session);
    try (var pool = Executors.newVirtualThreadPerTaskExecutor();
        Bus.Wait wait = bus.expect(task)) {
      Future<Optional<TaskStatus>> waiting = pool.submit(() -> wait.await(PATIENCE));

      assertThat(cancel(bus, team, session, task)).isTrue();

      assertThat(waiting.get()).contains(TaskStatus.CANCELLED);
    }
    assertThat(cancel(bus, team, session, task)).isFalse();
    assertThat(rows.column(task, team.user(), "status")).isEqualTo("cancelled");
  }

  private boolean cancel(Bus bus, BusFixture.Team team, SessionId session, TaskId task) {
    return rows.db.as(
        team.user(),
        tx -> bus.cancelQueued(tx, team.user(), team.project(), session, task, "test"));
  }

  @Test
  void deleting_a_session_an_agent_or_a_project_lets_go_whoever_waits_for_its_tasks()
      throws Exception {
    BusFixture.Team team = rows.team(1);
    Bus bus = rows.bus(BusLimits.STANDARD);
    SessionId session = rows.session(team);
    for (var forgetting :
        List.<Consumer<Tx>>of(
            tx -> bus.forgetSession(tx, team.user(), session),
            tx -> bus.forgetAgent(tx, team.user(), team.agent()),
            tx -> bus.forgetProject(tx, team.user(), team.project()))) {
      TaskId task = rows.submit(bus, team, session);
      try (Bus.Wait wait = bus.expect(task)) {
        rows.db.does(team.user(), forgetting::accept);
        assertThat(wait.await(PATIENCE)).contains(TaskStatus.CANCELLED);
      }
    }
    cancelAll(bus, team);
  }

  @Test
  void at_the_end_waiting_callers_go_and_what_runs_is_told_and_handed_on() throws Exception {
    BusFixture.Team team = rows.team(1);
    var reasons = new LinkedBlockingQueue<StopSignal.Reason>();
    Bus first =
        start(
            BusLimits.STANDARD,
            self ->
                (claim, stop) -> {
                  reasons.add(stopped(stop));
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
    start(
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
          start(
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

  @Test
  void an_agent_that_is_gone_takes_no_work() {
    BusFixture.Team team = rows.team(1);
    Bus bus = rows.bus(BusLimits.STANDARD);
    var nobody = new BusFixture.Team(team.user(), team.project(), new AgentId(rows.ids.next()));

    assertThatThrownBy(() -> rows.submit(bus, nobody))
        .isInstanceOfSatisfying(
            Fault.class, fault -> assertThat(fault.code()).isEqualTo(ErrorCode.NOT_FOUND));
  }
}
