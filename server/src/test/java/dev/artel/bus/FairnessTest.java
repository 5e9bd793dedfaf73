package dev.artel.bus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.acceptance.Accepts;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.UserId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Who comes first when there is not room for all.
final class FairnessTest {
  private static final BusLimits NARROW =
      new BusLimits(100, 2, Duration.ofSeconds(600), Duration.ofSeconds(6), 3);

  private final BusFixture rows = new BusFixture();

  @AfterEach
  void close() {
    rows.close();
  }

  /// Jain's index: 1 when all have the same, 1/n when one has all.
  private static double index(Iterable<Integer> shares, int users) {
    double sum = 0;
    double squares = 0;
    for (int share : shares) {
      sum += share;
      squares += (double) share * share;
    }
    return sum * sum / (users * squares);
  }

  @Test
  void a_user_with_a_thousand_tasks_does_not_delay_anothers_single_one() {
    Bus idle = rows.bus(BusLimits.STANDARD);
    BusFixture.Team rich = rows.team(10);
    rows.fill(rich, 10, 100);
    BusFixture.Team poor = rows.team(1);
    TaskId single = rows.submit(idle, poor, Priority.NORMAL);
    Queue<UserId> order = new ConcurrentLinkedQueue<>();
    rows.start(
        NARROW,
        self ->
            (claim, _) -> {
              order.add(claim.user());
              rows.complete(self, claim);
            });

    rows.await(() -> "completed".equals(rows.status(single, poor)));

    assertThat(new ArrayList<>(order).indexOf(poor.user())).isLessThan(3);
  }

  @Test
  void users_with_work_get_equal_shares_whatever_they_have_queued() {
    List<BusFixture.Team> teams = new ArrayList<>();
    BusFixture.Team rich = rows.team(10);
    rows.fill(rich, 10, 100);
    teams.add(rich);
    for (int i = 0; i < 4; i++) {
      BusFixture.Team team = rows.team(10);
      rows.fill(team, 1, 40);
      teams.add(team);
    }
    var started = new ConcurrentLinkedQueue<UserId>();
    var enough = new CountDownLatch(100);
    rows.start(
        NARROW,
        self ->
            (claim, stop) -> {
              started.add(claim.user());
              enough.countDown();
              rows.complete(self, claim);
            });

    rows.await(() -> enough.getCount() == 0);

    Map<UserId, Integer> shares = new HashMap<>();
    teams.forEach(team -> shares.put(team.user(), 0));
    started.stream().limit(100).forEach(user -> shares.merge(user, 1, Integer::sum));
    assertThat(index(shares.values(), teams.size()))
        .as(shares.toString())
        .isGreaterThanOrEqualTo(0.9);
  }

  @Test
  @Accepts("S6.10")
  void urgent_work_comes_first_among_an_agents_tasks() {
    BusFixture.Team team = rows.team(1);
    Bus idle = rows.bus(BusLimits.STANDARD);
    TaskId first = rows.submit(idle, team, Priority.NORMAL);
    TaskId second = rows.submit(idle, team, Priority.NORMAL);
    TaskId urgent = rows.submit(idle, team, Priority.HIGH);
    Queue<TaskId> order = new ConcurrentLinkedQueue<>();
    rows.start(
        BusLimits.STANDARD,
        self ->
            (claim, _) -> {
              order.add(claim.task());
              rows.complete(self, claim);
            });

    rows.await(() -> rows.count(team.user(), "completed") == 3);

    assertThat(order).containsExactly(urgent, first, second);
  }

  @Test
  @Accepts("S6.10")
  void a_full_process_starts_urgent_work_only_until_a_place_is_free() throws Exception {
    BusFixture.Team team = rows.team(10);
    Queue<TaskId> started = new ConcurrentLinkedQueue<>();
    var go = new CountDownLatch(1);
    var urgentDone = new CountDownLatch(1);
    Bus bus =
        rows.start(
            NARROW.overloadedAfter(Duration.ofMillis(100)),
            self ->
                (claim, _) -> {
                  started.add(claim.task());
                  if (started.size() <= 2) {
                    go.await();
                  }
                  rows.complete(self, claim);
                  if (started.size() == 3) {
                    urgentDone.countDown();
                  }
                });
    rows.submit(bus, team, Priority.NORMAL);
    rows.submit(bus, team, Priority.NORMAL);
    rows.await(() -> started.size() == 2);
    TaskId normal = rows.submit(bus, team, Priority.NORMAL);
    TaskId urgent = rows.submit(bus, team, Priority.HIGH);

    urgentDone.await();
    assertThat(started).doesNotContain(normal).contains(urgent);
    rows.await(bus::overloaded);

    go.countDown();
    rows.await(() -> rows.count(team.user(), "completed") == 4);
    rows.await(() -> !bus.overloaded());
  }

  @Test
  void a_claim_steps_along_its_index_however_much_waits() {
    BusFixture.Team team = rows.team(3);
    for (int i = 0; i < 50; i++) {
      rows.fill(team, 1, 400);
    }
    rows.analyze();

    String plan = rows.explainClaim();

    assertThat(plan).contains("tasks_queue");
    assertThat(plan).doesNotContain("Seq Scan on tasks");
    assertThat(rows.rowsRead(plan))
        .as("of 20 000 tasks in 50 queues a claim reads a few for each queue\n" + plan)
        .isLessThan(2_000);
    List<AgentId> agents = rows.claimAndDie(BusLimits.STANDARD).stream().map(Claim::agent).toList();
    assertThat(agents).hasSize(100);
  }
}
