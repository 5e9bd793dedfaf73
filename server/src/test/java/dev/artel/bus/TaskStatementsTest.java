package dev.artel.bus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.bus.TaskMachine.CancelRequested;
import dev.artel.bus.TaskMachine.Claimed;
import dev.artel.bus.TaskMachine.Ended;
import dev.artel.bus.TaskMachine.Event;
import dev.artel.bus.TaskMachine.Finished;
import dev.artel.bus.TaskMachine.HandedBack;
import dev.artel.bus.TaskMachine.LeaseEnded;
import dev.artel.bus.TaskMachine.NeedFailed;
import dev.artel.bus.TaskMachine.NeedMet;
import dev.artel.bus.TaskMachine.PutOff;
import dev.artel.bus.TaskMachine.Queued;
import dev.artel.bus.TaskMachine.Running;
import dev.artel.bus.TaskMachine.State;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.TaskStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The statements of the bus do with a task's row what the machine says, whatever happens in
/// whichever order.
final class TaskStatementsTest {
  private static final int TASKS = 60;
  private static final int EVENTS = 25;

  private final BusFixture rows = new BusFixture();
  private final BusFixture.Team team = rows.team(10);
  private final Bus bus = rows.bus(BusLimits.STANDARD);
  private final Map<Long, Claim> claims = new HashMap<>();

  @AfterEach
  void close() {
    rows.close();
  }

  @Test
  void a_row_and_the_machine_never_differ() {
    for (int seed = 0; seed < TASKS; seed++) {
      var random = new Random(seed);
      claims.clear();
      var needs = new ArrayList<TaskId>();
      for (int i = random.nextInt(3); i > 0; i--) {
        needs.add(rows.submit(bus, team, Priority.NORMAL));
      }
      TaskId task = rows.submit(bus, team, Priority.NORMAL, needs.toArray(new TaskId[0]));
      State state = new Queued(0, 0, 0, false, needs.size(), false);
      var told = new StringBuilder("seed " + seed);
      for (int i = 0; i < EVENTS; i++) {
        Event event = event(random, state);
        if (event instanceof NeedMet || event instanceof NeedFailed) {
          if (needs.isEmpty()) {
            continue;
          }
        }
        told.append('\n').append(event);
        perform(event, task, needs);
        state = TaskMachine.apply(state, event).next();
        assertThat(row(task)).as(told.toString()).isEqualTo(state);
      }
      needs.forEach(need -> cancel(need));
      cancel(task);
      Optional<Claim> left =
          claims.values().stream().max((a, b) -> Long.compare(a.fence(), b.fence()));
      left.ifPresent(claim -> quietly(() -> rows.complete(bus, claim)));
    }
  }

  private static Event event(Random random, State state) {
    long fence =
        switch (state) {
          case Running running -> Math.max(1, running.fence() - random.nextInt(2));
          case Queued queued -> Math.max(1, queued.fence());
          case Ended _ -> 1 + random.nextInt(3);
        };
    TaskStatus end =
        List.of(TaskStatus.COMPLETED, TaskStatus.FAILED, TaskStatus.CANCELLED)
            .get(random.nextInt(3));
    return switch (random.nextInt(14)) {
      case 0, 1, 2, 3 -> new Claimed();
      case 4, 5 -> new HandedBack(fence);
      case 6, 7 -> new LeaseEnded();
      case 8, 9 -> new PutOff(fence);
      case 10 -> new Finished(fence, end);
      case 11 -> new CancelRequested();
      case 12 -> new NeedMet();
      default -> random.nextInt(3) == 0 ? new NeedFailed() : new NeedMet();
    };
  }

  private void perform(Event event, TaskId task, List<TaskId> needs) {
    switch (event) {
      case Claimed _ -> {
        for (Claim claim : rows.claimAndDie(BusLimits.STANDARD)) {
          if (claim.task().equals(task)) {
            claims.put(claim.fence(), claim);
          } else {
            rows.db.does(claim.user(), tx -> bus.release(tx, claim.user(), claim));
          }
        }
      }
      case HandedBack(long fence) ->
          with(
              fence, claim -> rows.db.does(team.user(), tx -> bus.release(tx, team.user(), claim)));
      case LeaseEnded _ -> rows.takeAway(task, team.user());
      case PutOff(long fence) ->
          with(
              fence,
              claim ->
                  rows.db.does(
                      team.user(),
                      tx -> bus.retry(tx, team.user(), claim, Duration.ZERO, "timeout")));
      case Finished(long fence, TaskStatus end) ->
          with(fence, claim -> rows.end(bus, claim, end(end)));
      case CancelRequested _ -> cancel(task);
      case NeedMet _ -> endNeed(needs.removeFirst(), TaskStatus.COMPLETED);
      case NeedFailed _ -> endNeed(needs.removeFirst(), TaskStatus.FAILED);
    }
  }

  private interface Act {
    void on(Claim claim);
  }

  private void with(long fence, Act act) {
    Claim claim = claims.get(fence);
    if (claim != null) {
      quietly(() -> act.on(claim));
    }
  }

  private static void quietly(Runnable act) {
    try {
      act.run();
    } catch (ClaimLost _) {
      // What the machine ignores.
    }
  }

  private static TaskEnd end(TaskStatus status) {
    return switch (status) {
      case COMPLETED -> new TaskEnd.Completed(Map.of(), "", null);
      case FAILED -> new TaskEnd.Failed("no", "execution", null);
      default -> new TaskEnd.Cancelled("no", null);
    };
  }

  private void cancel(TaskId task) {
    rows.db.does(
        team.user(),
        tx -> {
          TaskRef ref = new TaskReader().ref(tx, team.user(), task).orElseThrow();
          boolean _ = bus.cancelling().cancel(tx, team.user(), ref, "no");
        });
  }

  /// The row of a need is moved by hand, so that nothing else is claimed meanwhile.
  private void endNeed(TaskId need, TaskStatus status) {
    rows.db.does(
        team.user(),
        tx -> {
          tx.sql("update tasks set status = 'completed' where user_id = :user and id = :id")
              .param("user", team.user().value())
              .param("id", need.value())
              .update();
          if (status == TaskStatus.COMPLETED) {
            int _ = new NeedStore().met(tx, team.user(), need);
          } else {
            var _ = new NeedStore().doom(tx, team.user(), List.of(need), "no");
          }
        });
  }

  private State row(TaskId task) {
    return rows.db.read(
        team.user(),
        tx ->
            tx.sql(
                    """
                    select status, fence, attempts, retries, waiting_on, unmet, stop_requested
                      from tasks where user_id = :user and id = :id
                    """)
                .param("user", team.user().value())
                .param("id", task.value())
                .query((row, _) -> {
                  TaskStatus status = TaskStore.status(row.getString("status"));
                  State state =
                      switch (status) {
                        case QUEUED ->
                            new Queued(
                                row.getLong("fence"),
                                row.getInt("attempts"),
                                row.getInt("retries"),
                                row.getString("waiting_on") != null,
                                row.getInt("unmet"),
                                row.getBoolean("stop_requested"));
                        case RUNNING ->
                            new Running(
                                row.getLong("fence"),
                                row.getInt("attempts"),
                                row.getInt("retries"),
                                row.getBoolean("stop_requested"));
                        default -> new Ended(status);
                      };
                  return state;
                })
                .single());
  }
}
