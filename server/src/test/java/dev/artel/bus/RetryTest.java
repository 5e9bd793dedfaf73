package dev.artel.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.artel.protocol.AgentId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.TaskId;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Tasks that are put off after a temporary error.
final class RetryTest {
  private final BusFixture rows = new BusFixture();

  @AfterEach
  void close() {
    rows.close();
  }

  private void putOff(Bus bus, Claim claim, Duration delay) {
    rows.db.does(claim.user(), tx -> bus.retry(tx, claim.user(), claim, delay, "rate_limit"));
  }

  @Test
  void a_task_that_is_put_off_comes_back_with_what_it_has_used_up() throws Exception {
    BusFixture.Team team = rows.team(1);
    var claims = new LinkedBlockingQueue<Claim>();
    Bus bus =
        rows.start(
            BusLimits.STANDARD,
            self ->
                (claim, _) -> {
                  claims.add(claim);
                  if (claim.retries() < 3) {
                    putOff(self, claim, Duration.ofMillis(5));
                  } else {
                    rows.complete(self, claim);
                  }
                });

    TaskId task = rows.submit(bus, team);

    for (int retries = 0; retries <= 3; retries++) {
      Claim claim = claims.poll(60, TimeUnit.SECONDS);
      assertThat(claim.task()).isEqualTo(task);
      assertThat(claim.retries()).isEqualTo(retries);
      assertThat(claim.attempt()).isEqualTo(retries + 1);
      assertThat(claim.tries()).as("a put-off task was not interrupted").isEqualTo(1);
    }
    Awaitility.await().until(() -> "completed".equals(rows.column(task, team.user(), "status")));
    assertThat(rows.column(task, team.user(), "attempts")).isEqualTo("4");
    assertThat(rows.column(task, team.user(), "waiting_on")).isEqualTo("null");
  }

  @Test
  void a_waiting_task_holds_its_sessions_turn_and_no_place_of_its_agent() {
    BusFixture.Team team = rows.team(1);
    Queue<TaskId> run = new ConcurrentLinkedQueue<>();
    SessionId session = rows.session(team);
    Bus idle = rows.bus(BusLimits.STANDARD);
    TaskId first = rows.submit(idle, team, session);
    TaskId behind = rows.submit(idle, team, session);
    TaskId elsewhere = rows.submit(idle, team);
    Bus bus =
        rows.start(
            BusLimits.STANDARD,
            self ->
                (claim, _) -> {
                  run.add(claim.task());
                  if (claim.task().equals(first)) {
                    putOff(self, claim, Duration.ofHours(1));
                  } else {
                    rows.complete(self, claim);
                  }
                });

    Awaitility.await()
        .until(() -> "completed".equals(rows.column(elsewhere, team.user(), "status")));

    assertThat(run).containsExactly(first, elsewhere);
    assertThat(rows.column(first, team.user(), "status")).isEqualTo("queued");
    assertThat(rows.column(first, team.user(), "waiting_on")).isEqualTo("retry");
    assertThat(rows.column(behind, team.user(), "status")).isEqualTo("queued");
    assertThat(
            rows.column(
                first,
                team.user(),
                "(deadline_at - run_after - interval '600 s' + running_ms * interval '1 ms' between '-1 s' and '1 s')"))
        .as("the wait moves the deadline")
        .isEqualTo("true");
    Map<AgentId, QueueLoad> loads =
        rows.db.read(team.user(), tx -> bus.loads(tx, team.user(), team.project()));
    assertThat(loads).isEqualTo(Map.of(team.agent(), new QueueLoad(2, 100, 0, 1)));
  }

  @Test
  void a_lost_claim_puts_nothing_off() throws Exception {
    BusFixture.Team team = rows.team(1);
    var claims = new LinkedBlockingQueue<Claim>();
    Bus bus =
        rows.start(
            BusLimits.STANDARD,
            self ->
                (claim, _) -> {
                  claims.add(claim);
                  rows.complete(self, claim);
                });
    rows.submit(bus, team);
    Claim claim = claims.poll(60, TimeUnit.SECONDS);
    Awaitility.await().until(() -> rows.count(team.user(), "completed") == 1);

    assertThatThrownBy(() -> putOff(bus, claim, Duration.ofSeconds(1)))
        .isInstanceOf(ClaimLost.class);
  }
}
