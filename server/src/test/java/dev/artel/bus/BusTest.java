package dev.artel.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.artel.acceptance.Accepts;
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
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class BusTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

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
  @Accepts({"CH-11.11", "S6.5"})
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
    rows.start(BusLimits.STANDARD, handler);
    rows.start(BusLimits.STANDARD, handler);

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
        rows.start(
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
  void an_agent_that_is_gone_takes_no_work() {
    BusFixture.Team team = rows.team(1);
    Bus bus = rows.bus(BusLimits.STANDARD);
    var nobody = new BusFixture.Team(team.user(), team.project(), new AgentId(rows.ids.next()));

    assertThatThrownBy(() -> rows.submit(bus, nobody))
        .isInstanceOfSatisfying(
            Fault.class, fault -> assertThat(fault.code()).isEqualTo(ErrorCode.NOT_FOUND));
  }
}
