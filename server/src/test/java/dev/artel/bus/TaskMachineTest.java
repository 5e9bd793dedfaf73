package dev.artel.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.artel.bus.TaskMachine.CancelRequested;
import dev.artel.bus.TaskMachine.Claimed;
import dev.artel.bus.TaskMachine.Effect;
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
import dev.artel.protocol.TaskStatus;
import dev.artel.testing.Golden;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class TaskMachineTest {
  private static final Set<String> TAKEN = new TreeSet<>();

  /// One of each place in which a task can be.
  private static final Map<String, State> PLACES = new LinkedHashMap<>();

  private static final List<Event> EVENTS =
      List.of(
          new Claimed(),
          new HandedBack(1),
          new LeaseEnded(),
          new PutOff(1),
          new Finished(1, TaskStatus.COMPLETED),
          new Finished(1, TaskStatus.FAILED),
          new Finished(1, TaskStatus.CANCELLED),
          new CancelRequested(),
          new NeedMet(),
          new NeedFailed());

  static {
    PLACES.put("blocked", new Queued(1, 1, 0, false, 1, false));
    PLACES.put("queued", new Queued(1, 1, 0, false, 0, false));
    PLACES.put("put off", new Queued(1, 1, 1, true, 0, false));
    PLACES.put("queued to stop", new Queued(1, 1, 0, false, 0, true));
    PLACES.put("put off to stop", new Queued(1, 1, 1, true, 0, true));
    PLACES.put("running", new Running(1, 1, 0, false));
    PLACES.put("stopping", new Running(1, 1, 0, true));
    PLACES.put("completed", new Ended(TaskStatus.COMPLETED));
    PLACES.put("failed", new Ended(TaskStatus.FAILED));
    PLACES.put("cancelled", new Ended(TaskStatus.CANCELLED));
  }

  private static String place(State state) {
    return switch (state) {
      case Queued queued when queued.unmet() > 0 -> "blocked";
      case Queued queued ->
          (queued.putOff() ? "put off" : "queued") + (queued.stopRequested() ? " to stop" : "");
      case Running running -> running.stopRequested() ? "stopping" : "running";
      case Ended ended -> ended.status().word();
    };
  }

  private static String label(Event event) {
    return event instanceof Finished(long _, TaskStatus end)
        ? "finished as " + end.word()
        : dev.artel.protocol.Event.snakeCase(event.getClass().getSimpleName()).replace('_', ' ');
  }

  private static String move(State from, Event event, State to) {
    return "%s --> %s: %s"
        .formatted(place(from).replace(' ', '_'), place(to).replace(' ', '_'), label(event));
  }

  private static Set<String> allMoves() {
    var moves = new TreeSet<String>();
    for (State from : PLACES.values()) {
      for (Event event : EVENTS) {
        State to = TaskMachine.apply(from, event).next();
        if (!place(to).equals(place(from))) {
          moves.add(move(from, event, to));
        }
      }
    }
    return moves;
  }

  private static State replay(State start, Event... events) {
    State state = start;
    for (Event event : events) {
      State next = TaskMachine.apply(state, event).next();
      if (!place(next).equals(place(state))) {
        TAKEN.add(move(state, event, next));
      }
      state = next;
    }
    return state;
  }

  private static Set<Effect> effects(State state, Event event) {
    State _ = replay(state, event);
    return TaskMachine.apply(state, event).effects();
  }

  private static final Queued NEW = new Queued(0, 0, 0, false, 0, false);

  @AfterAll
  static void every_move_was_taken_by_a_test() {
    assertThat(TAKEN).isEqualTo(allMoves());
  }

  @Test
  void its_diagram_is_kept() {
    var diagram = new StringBuilder();
    diagram.append("# How a task moves\n\nWritten by `TaskMachineTest` from the machine.\n\n");
    diagram.append("```mermaid\nstateDiagram-v2\n  [*] --> queued: submitted\n");
    diagram.append("  [*] --> blocked: submitted with needs\n");
    allMoves().forEach(move -> diagram.append("  ").append(move).append('\n'));
    for (TaskStatus end : TaskStatus.values()) {
      if (TaskMachine.isEnd(end)) {
        diagram.append("  ").append(end.word()).append(" --> [*]\n");
      }
    }
    diagram.append("```\n");
    Golden.check("docs/generated/task-machine.md", diagram.toString());
  }

  @Test
  void a_task_that_runs_through_counts_one_attempt() {
    assertThat(TaskMachine.apply(NEW, new Claimed()).next()).isEqualTo(new Running(1, 1, 0, false));
    assertThat(replay(NEW, new Claimed(), new Finished(1, TaskStatus.COMPLETED)))
        .isEqualTo(new Ended(TaskStatus.COMPLETED));
    assertThat(replay(NEW, new Claimed(), new Finished(1, TaskStatus.FAILED)))
        .isEqualTo(new Ended(TaskStatus.FAILED));
    assertThat(replay(NEW, new Claimed(), new Finished(1, TaskStatus.CANCELLED)))
        .isEqualTo(new Ended(TaskStatus.CANCELLED));
  }

  @Test
  void a_crash_counts_and_a_hand_back_does_not() {
    assertThat(replay(NEW, new Claimed(), new LeaseEnded()))
        .isEqualTo(new Queued(1, 1, 0, false, 0, false));
    assertThat(replay(NEW, new Claimed(), new HandedBack(1)))
        .isEqualTo(new Queued(1, 0, 0, false, 0, false));
  }

  @Test
  void a_task_that_is_put_off_counts_its_retries_and_is_claimed_again() {
    assertThat(replay(NEW, new Claimed(), new PutOff(1)))
        .isEqualTo(new Queued(1, 1, 1, true, 0, false));
    assertThat(replay(NEW, new Claimed(), new PutOff(1), new Claimed()))
        .isEqualTo(new Running(2, 2, 1, false));
    assertThat(replay(NEW, new Claimed(), new PutOff(1), new CancelRequested()))
        .isEqualTo(new Ended(TaskStatus.CANCELLED));
  }

  @Test
  void what_a_lost_claim_reports_changes_nothing() {
    State second = replay(NEW, new Claimed(), new LeaseEnded(), new Claimed());
    for (Event late :
        List.of(
            new Finished(1, TaskStatus.COMPLETED),
            new PutOff(1),
            new HandedBack(1),
            new Claimed(),
            new NeedMet(),
            new NeedFailed())) {
      assertThat(replay(second, late)).isEqualTo(second);
    }
    for (Event early :
        List.of(
            new Finished(0, TaskStatus.COMPLETED),
            new PutOff(0),
            new HandedBack(0),
            new LeaseEnded())) {
      assertThat(replay(NEW, early)).isEqualTo(NEW);
    }
  }

  @Test
  void a_stop_is_asked_for_once_and_outlives_its_run() {
    State stopping = replay(NEW, new Claimed(), new CancelRequested());
    assertThat(stopping).isEqualTo(new Running(1, 1, 0, true));
    assertThat(replay(stopping, new CancelRequested())).isEqualTo(stopping);
    assertThat(effects(replay(NEW, new Claimed()), new CancelRequested()))
        .containsExactly(Effect.STOP_RUN);
    assertThat(effects(stopping, new CancelRequested())).isEmpty();
    assertThat(replay(stopping, new HandedBack(1))).isEqualTo(new Queued(1, 0, 0, false, 0, true));
    for (Event brokenOff : List.of(new LeaseEnded(), new PutOff(1))) {
      State waiting = replay(stopping, brokenOff);
      assertThat(replay(waiting, new Claimed()))
          .isInstanceOfSatisfying(
              Running.class, again -> assertThat(again.stopRequested()).isTrue());
      assertThat(replay(waiting, new CancelRequested())).isEqualTo(new Ended(TaskStatus.CANCELLED));
    }
    for (TaskStatus end : List.of(TaskStatus.COMPLETED, TaskStatus.FAILED, TaskStatus.CANCELLED)) {
      assertThat(replay(stopping, new Finished(1, end))).isEqualTo(new Ended(end));
    }
  }

  @Test
  void a_task_with_needs_waits_for_all_of_them() {
    var two = new Queued(0, 0, 0, false, 2, false);
    assertThat(replay(two, new Claimed())).isEqualTo(two);
    assertThat(effects(two, new NeedMet())).isEmpty();
    State one = replay(two, new NeedMet());
    assertThat(one).isEqualTo(new Queued(0, 0, 0, false, 1, false));
    assertThat(effects(one, new NeedMet())).containsExactly(Effect.OFFER);
    assertThat(replay(one, new NeedMet(), new Claimed())).isEqualTo(new Running(1, 1, 0, false));
    assertThat(replay(NEW, new NeedMet(), new NeedFailed())).isEqualTo(NEW);
  }

  @Test
  void a_task_whose_need_fails_is_cancelled_and_so_is_what_depends_on_it() {
    var blocked = new Queued(0, 0, 0, false, 1, false);
    assertThat(replay(blocked, new NeedFailed())).isEqualTo(new Ended(TaskStatus.CANCELLED));
    assertThat(effects(blocked, new NeedFailed())).containsExactly(Effect.SETTLE_DEPENDENTS);
    assertThat(replay(blocked, new CancelRequested())).isEqualTo(new Ended(TaskStatus.CANCELLED));
    assertThat(replay(NEW, new CancelRequested())).isEqualTo(new Ended(TaskStatus.CANCELLED));
  }

  @Test
  void an_end_is_an_end() {
    for (TaskStatus end : List.of(TaskStatus.COMPLETED, TaskStatus.FAILED, TaskStatus.CANCELLED)) {
      for (Event event : EVENTS) {
        assertThat(replay(new Ended(end), event)).isEqualTo(new Ended(end));
      }
    }
    assertThatThrownBy(() -> new Ended(TaskStatus.RUNNING))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no end");
  }

  @Test
  void what_becomes_free_is_offered() {
    Running running = new Running(1, 1, 0, false);
    assertThat(effects(running, new LeaseEnded())).containsExactly(Effect.OFFER);
    assertThat(effects(running, new HandedBack(1))).containsExactly(Effect.OFFER);
    assertThat(effects(running, new PutOff(1))).containsExactly(Effect.OFFER);
    assertThat(effects(running, new Finished(1, TaskStatus.FAILED)))
        .containsExactly(Effect.SETTLE_DEPENDENTS);
  }

  @Test
  void each_state_has_its_status() {
    assertThat(PLACES.values().stream().map(State::status))
        .containsExactly(
            TaskStatus.QUEUED,
            TaskStatus.QUEUED,
            TaskStatus.QUEUED,
            TaskStatus.QUEUED,
            TaskStatus.QUEUED,
            TaskStatus.RUNNING,
            TaskStatus.RUNNING,
            TaskStatus.COMPLETED,
            TaskStatus.FAILED,
            TaskStatus.CANCELLED);
  }
}
