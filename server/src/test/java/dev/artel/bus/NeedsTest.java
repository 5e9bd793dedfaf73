package dev.artel.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.artel.base.Fault;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.ErrorCode;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.TaskStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Tasks that depend on others.
final class NeedsTest {
  private final BusFixture rows = new BusFixture();
  private final BusFixture.Team team = rows.team(10);

  @AfterEach
  void close() {
    rows.close();
  }

  @Test
  void a_task_starts_when_all_that_it_depends_on_has_completed_and_is_handed_the_results() {
    Bus idle = rows.bus(BusLimits.STANDARD);
    AgentId other = rows.agent(team, 10);
    TaskId one = rows.submit(idle, team, Priority.NORMAL);
    TaskId two = rows.submit(idle, team, other, Priority.NORMAL);
    TaskId both = rows.submit(idle, team, Priority.NORMAL, one, two);
    TaskId last = rows.submit(idle, team, Priority.NORMAL, both);
    Map<TaskId, List<TaskInput>> inputs = new ConcurrentHashMap<>();
    var independent = new CyclicBarrier(2);
    Bus bus =
        rows.start(
            BusLimits.STANDARD,
            self ->
                (claim, _) -> {
                  if (claim.task().equals(one) || claim.task().equals(two)) {
                    meet(independent);
                  }
                  inputs.put(
                      claim.task(),
                      rows.db.read(
                          claim.user(), tx -> self.inputs(tx, claim.user(), claim.task())));
                  rows.end(
                      self,
                      claim,
                      new TaskEnd.Completed(Map.of("of", claim.task().toString()), "", null));
                });

    rows.await(() -> "completed".equals(rows.status(last, team)));

    assertThat(inputs.get(one)).isEmpty();
    assertThat(inputs.get(both))
        .isEqualTo(
            List.of(
                new TaskInput.Whole(one, team.agent(), Map.of("of", one.toString())),
                new TaskInput.Whole(two, other, Map.of("of", two.toString()))));
    assertThat(inputs.get(last))
        .isEqualTo(List.of(new TaskInput.Whole(both, team.agent(), Map.of("of", both.toString()))));
    assertThat(bus.active()).isZero();
  }

  private static void meet(CyclicBarrier barrier) throws InterruptedException {
    try {
      barrier.await();
    } catch (java.util.concurrent.BrokenBarrierException broken) {
      throw new IllegalStateException(broken);
    }
  }

  @Test
  void a_large_result_is_handed_on_by_reference() {
    Bus bus =
        rows.start(
            BusLimits.STANDARD,
            self ->
                (claim, _) ->
                    rows.end(
                        self,
                        claim,
                        new TaskEnd.Completed(
                            Map.of("text", "x".repeat(Bus.INPUT_BYTES_MAX)), "", null)));
    TaskId large = rows.submit(bus, team, Priority.NORMAL);
    rows.await(() -> "completed".equals(rows.status(large, team)));
    TaskId behind = rows.submit(bus, team, Priority.NORMAL, large);

    List<TaskInput> inputs = rows.db.read(team.user(), tx -> bus.inputs(tx, team.user(), behind));

    assertThat(inputs)
        .singleElement()
        .isInstanceOfSatisfying(
            TaskInput.Reference.class,
            reference -> {
              assertThat(reference.task()).isEqualTo(large);
              assertThat(reference.agent()).isEqualTo(team.agent());
              assertThat(reference.bytes()).isGreaterThan(Bus.INPUT_BYTES_MAX);
            });
    rows.await(() -> "completed".equals(rows.status(behind, team)));
  }

  @Test
  void when_a_task_fails_all_that_depends_on_it_is_cancelled_with_the_reason_and_the_rest_runs()
      throws Exception {
    Bus idle = rows.bus(BusLimits.STANDARD);
    TaskId bad = rows.submit(idle, team, Priority.NORMAL);
    TaskId good = rows.submit(idle, team, Priority.NORMAL);
    TaskId next = rows.submit(idle, team, Priority.NORMAL, bad);
    TaskId mixed = rows.submit(idle, team, Priority.NORMAL, good, bad);
    TaskId far = rows.submit(idle, team, Priority.NORMAL, next, mixed);
    TaskId free = rows.submit(idle, team, Priority.NORMAL, good);
    Set<TaskId> ran = ConcurrentHashMap.newKeySet();
    var go = new CountDownLatch(1);
    Bus bus =
        rows.start(
            BusLimits.STANDARD,
            self ->
                (claim, _) -> {
                  ran.add(claim.task());
                  go.await();
                  rows.end(
                      self,
                      claim,
                      claim.task().equals(bad)
                          ? new TaskEnd.Failed("no luck", "execution", null)
                          : new TaskEnd.Completed(Map.of(), "", null));
                });
    try (Bus.Wait wait = bus.expect(far)) {
      go.countDown();
      assertThat(wait.await(Duration.ofSeconds(60))).contains(TaskStatus.CANCELLED);
    }

    rows.await(() -> "completed".equals(rows.status(free, team)));
    for (TaskId cancelled : List.of(next, mixed, far)) {
      assertThat(rows.status(cancelled, team)).isEqualTo("cancelled");
      assertThat(rows.column(cancelled, team.user(), "error")).contains("did not complete");
    }
    assertThat(ran).containsExactlyInAnyOrder(bad, good, free);
    assertThatThrownBy(() -> rows.submit(bus, team, Priority.NORMAL, bad))
        .isInstanceOfSatisfying(
            Fault.class,
            fault -> assertThat(fault.code()).isEqualTo(ErrorCode.DEPENDENCY_NOT_COMPLETED));
    assertThatThrownBy(() -> rows.submit(bus, team, Priority.NORMAL, new TaskId(rows.ids.next())))
        .isInstanceOfSatisfying(
            Fault.class, fault -> assertThat(fault.code()).isEqualTo(ErrorCode.NOT_FOUND));
  }

  @Test
  void cancelling_and_deleting_what_is_needed_cancels_what_depends_on_it() {
    Bus bus = rows.bus(BusLimits.STANDARD);
    TaskId cancelled = rows.submit(bus, team, Priority.NORMAL);
    TaskId behind = rows.submit(bus, team, Priority.NORMAL, cancelled);
    AgentId leaves = rows.agent(team, 1);
    TaskId deleted = rows.submit(bus, team, leaves, Priority.NORMAL);
    TaskId orphan = rows.submit(bus, team, Priority.NORMAL, deleted);

    rows.db.does(
        team.user(),
        tx -> {
          boolean done =
              bus.cancelQueued(tx, team.user(), team.project(), null, cancelled, "enough");
          assertThat(done).isTrue();
        });
    rows.db.does(team.user(), tx -> bus.forgetAgent(tx, team.user(), leaves));

    assertThat(rows.column(cancelled, team.user(), "error")).isEqualTo("enough");
    assertThat(rows.status(behind, team)).isEqualTo("cancelled");
    assertThat(rows.status(orphan, team)).isEqualTo("cancelled");
  }

  @Test
  void another_users_task_cannot_be_depended_on() {
    Bus bus = rows.bus(BusLimits.STANDARD);
    BusFixture.Team stranger = rows.team(1);
    TaskId foreign = rows.submit(bus, stranger, Priority.NORMAL);

    assertThatThrownBy(() -> rows.submit(bus, team, Priority.NORMAL, foreign))
        .isInstanceOfSatisfying(
            Fault.class, fault -> assertThat(fault.code()).isEqualTo(ErrorCode.NOT_FOUND));
  }

  @Test
  void a_task_that_comes_while_its_need_ends_is_never_forgotten() throws Exception {
    Bus bus = rows.start(BusLimits.STANDARD, self -> (claim, _) -> rows.complete(self, claim));
    var submitted = new ArrayList<TaskId>();
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 40; i++) {
        TaskId need = rows.submit(bus, team, Priority.NORMAL);
        submitted.add(pool.submit(() -> rows.submit(bus, team, Priority.NORMAL, need)).get());
      }
    }

    rows.await(() -> rows.count(team.user(), "completed") == 80);
    assertThat(submitted).hasSize(40);
  }
}
