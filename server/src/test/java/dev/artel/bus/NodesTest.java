package dev.artel.bus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.acceptance.Accepts;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.TaskStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Several processes on one database. The looks that nothing asked for are switched off, and signs
/// of life come too seldom to help.
final class NodesTest {
  private static final Duration NEVER = Duration.ofHours(1);
  private static final BusLimits NO_POLL =
      new BusLimits(100, 1, Duration.ofMinutes(10), NEVER, 3).lookingEvery(NEVER);

  private final BusFixture rows = new BusFixture();
  private final CountDownLatch over = new CountDownLatch(1);

  @AfterEach
  void close() {
    over.countDown();
    rows.close();
  }

  private TaskHandler blocking(Bus self, LinkedBlockingQueue<Claim> started) {
    return (claim, _) -> {
      started.add(claim);
      over.await();
      rows.complete(self, claim);
    };
  }

  @Test
  void work_starts_without_any_poll_here_and_in_another_process() throws Exception {
    BusFixture.Team team = rows.team(10);
    var here = new LinkedBlockingQueue<Claim>();
    var there = new LinkedBlockingQueue<Claim>();
    Bus first = rows.start(NO_POLL, self -> blocking(self, here));
    TaskId one = rows.submit(first, team, Priority.NORMAL);
    assertThat(here.poll(60, TimeUnit.SECONDS).task()).isEqualTo(one);

    rows.start(NO_POLL, self -> blocking(self, there));
    rows.await(() -> first.hearsOthers());
    TaskId two = rows.submit(first, team, Priority.NORMAL);

    assertThat(there.poll(60, TimeUnit.SECONDS).task()).isEqualTo(two);
  }

  @Test
  void a_retry_is_taken_up_at_its_time_without_any_poll() throws Exception {
    BusFixture.Team team = rows.team(1);
    var claims = new LinkedBlockingQueue<Claim>();
    Bus bus =
        rows.start(
            NO_POLL,
            self ->
                (claim, _) -> {
                  claims.add(claim);
                  if (claim.retries() == 0) {
                    rows.db.does(
                        claim.user(),
                        tx ->
                            self.retry(tx, claim.user(), claim, Duration.ofMillis(300), "timeout"));
                  } else {
                    rows.complete(self, claim);
                  }
                });
    rows.submit(bus, team, Priority.NORMAL);

    assertThat(claims.poll(60, TimeUnit.SECONDS).retries()).isZero();
    assertThat(claims.poll(60, TimeUnit.SECONDS).retries()).isEqualTo(1);
  }

  @Test
  void the_end_of_a_task_and_the_wish_to_stop_it_are_heard_in_another_process() throws Exception {
    BusFixture.Team team = rows.team(10);
    var reasons = new ConcurrentLinkedQueue<StopSignal.Reason>();
    Bus runs =
        rows.start(
            NO_POLL,
            self ->
                (claim, stop) -> {
                  reasons.add(BusFixture.stopped(stop));
                  rows.end(self, claim, new TaskEnd.Cancelled("stopped", null));
                });
    TaskId task = rows.submit(runs, team, Priority.NORMAL);
    rows.await(() -> runs.active() == 1);
    Bus other = rows.start(NO_POLL, self -> (claim, _) -> rows.complete(self, claim));
    rows.await(runs::hearsOthers);
    try (var pool = Executors.newVirtualThreadPerTaskExecutor();
        Bus.Wait wait = other.expect(task)) {
      Future<Optional<TaskStatus>> waiting = pool.submit(() -> wait.await(Duration.ofMinutes(1)));

      rows.db.does(team.user(), tx -> other.stopWith(tx, team.user(), task));

      assertThat(waiting.get()).contains(TaskStatus.CANCELLED);
    }
    assertThat(reasons).containsExactly(StopSignal.Reason.USER);
  }

  @Test
  void a_place_that_becomes_free_in_one_process_is_filled_by_another() throws Exception {
    BusFixture.Team team = rows.team(1);
    Bus idle = rows.bus(NO_POLL);
    SessionId session = rows.session(team);
    TaskId first = rows.submit(idle, team, session);
    TaskId second = rows.submit(idle, team, session);
    var go = new CountDownLatch(1);
    var closing = new CountDownLatch(1);
    Bus leaves =
        rows.start(
            NO_POLL,
            self ->
                (claim, _) -> {
                  closing.countDown();
                  go.await();
                  rows.complete(self, claim);
                });
    closing.await();
    rows.start(NO_POLL, self -> (claim, _) -> rows.complete(self, claim));
    rows.await(leaves::hearsOthers);
    var closed = Thread.ofVirtual().start(leaves::close);
    rows.await(() -> nodes(Duration.ofHours(1)).size() == 2);
    go.countDown();
    closed.join();

    rows.await(() -> "completed".equals(rows.status(second, team)));
    assertThat(rows.status(first, team)).isEqualTo("completed");
  }

  @Test
  @Accepts("X-04")
  void what_a_killed_process_ran_goes_on_elsewhere_within_ten_seconds() throws Exception {
    BusFixture.Team team = rows.team(1);
    Bus idle = rows.bus(BusLimits.STANDARD);
    TaskId task = rows.submit(idle, team, Priority.NORMAL);
    assertThat(rows.claimAndDie(BusLimits.STANDARD)).hasSize(1);
    long killed = System.nanoTime();
    var claims = new LinkedBlockingQueue<Claim>();
    rows.start(
        BusLimits.STANDARD,
        self ->
            (claim, _) -> {
              claims.add(claim);
              rows.complete(self, claim);
            });

    Claim again = claims.poll(60, TimeUnit.SECONDS);

    assertThat(again.task()).isEqualTo(task);
    assertThat(again.tries()).isEqualTo(2);
    assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(Duration.ofSeconds(10));
    assertThat(BusLimits.STANDARD.lease().plus(BusLimits.STANDARD.lease().dividedBy(4)))
        .as("the longest time in which a silent process goes unnoticed")
        .isLessThan(Duration.ofSeconds(10));
  }

  private List<NodeStore.Node> nodes(Duration lease) {
    return rows.db.dispatch(tx -> new NodeStore().all(tx, lease));
  }

  @Test
  void processes_that_take_work_are_known_until_they_leave() {
    assertThat(nodes(Duration.ofSeconds(6))).isEmpty();
    BusFixture.Team team = rows.team(2);
    var started = new LinkedBlockingQueue<Claim>();
    Bus one = rows.start(BusFixture.QUICK, self -> blocking(self, started));
    rows.submit(one, team, Priority.NORMAL);
    rows.await(() -> nodes(Duration.ofSeconds(60)).stream().anyMatch(node -> node.active() == 1));

    assertThat(nodes(Duration.ofSeconds(60)))
        .singleElement()
        .satisfies(node -> {
          assertThat(node.healthy()).isTrue();
          assertThat(node.since()).isNotNull();
        });
    assertThat(nodes(Duration.ofSeconds(-60)))
        .extracting(NodeStore.Node::healthy)
        .containsExactly(false);
    rows.await(() -> !one.hearsOthers());

    Bus two = rows.start(BusFixture.QUICK, self -> (claim, _) -> rows.complete(self, claim));
    rows.await(() -> one.hearsOthers() && two.hearsOthers());
    two.close();
    rows.await(() -> !one.hearsOthers());
    over.countDown();
    one.close();
    assertThat(nodes(Duration.ofSeconds(6))).isEmpty();
  }

  @Test
  void a_handler_that_breaks_in_any_way_takes_nothing_with_it() {
    BusFixture.Team team = rows.team(1);
    rows.start(
        BusFixture.QUICK,
        self ->
            (claim, _) -> {
              if (claim.attempt() == 1) {
                throw new StackOverflowError("a bug");
              }
              rows.complete(self, claim);
            });
    Bus idle = rows.bus(BusLimits.STANDARD);
    rows.submit(idle, team, Priority.NORMAL);
    rows.submit(idle, team, Priority.NORMAL);

    rows.await(() -> rows.count(team.user(), "completed") == 2);
  }
}
