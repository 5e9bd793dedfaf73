package dev.artel.bus;

import dev.artel.db.Tx;
import dev.artel.event.Draft;
import dev.artel.event.EventLog;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.Event;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.TaskStatus;
import dev.artel.protocol.UserId;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// How tasks end, and what follows: the event, those who wait for it, and what depends on it.
final class Ends {
  private static final String NEED_FAILED = "a task that this one depends on did not complete";

  private final EventLog events;
  private final Waiters waiters;
  private final BusMeters meters;
  private final Supplier<@Nullable Worker> worker;
  private final TaskStore store = new TaskStore();
  private final NeedStore needs = new NeedStore();
  private volatile @Nullable EndListener listener;

  /// @param worker of this process, when it takes work
  Ends(EventLog events, Waiters waiters, BusMeters meters, Supplier<@Nullable Worker> worker) {
    this.events = events;
    this.waiters = waiters;
    this.meters = meters;
    this.worker = worker;
  }

  void onEnd(EndListener hears) {
    listener = hears;
  }

  void end(Tx tx, UserId user, Claim claim, String agentName, TaskEnd end, Duration took) {
    TaskStatus status =
        switch (end) {
          case TaskEnd.Completed _ -> TaskStatus.COMPLETED;
          case TaskEnd.Failed _ -> TaskStatus.FAILED;
          case TaskEnd.Cancelled _ -> TaskStatus.CANCELLED;
        };
    boolean awaited =
        store.end(tx, user, claim, status, end).orElseThrow(() -> new ClaimLost(claim));
    Event.Logged event =
        switch (end) {
          case TaskEnd.Completed completed ->
              new Event.TaskCompleted(
                  claim.task(),
                  claim.agent(),
                  agentName,
                  status,
                  completed.result(),
                  completed.preview(),
                  BigDecimal.valueOf(took.toMillis())
                      .movePointLeft(3)
                      .setScale(3, RoundingMode.HALF_UP),
                  took.toMillis());
          case TaskEnd.Failed failed ->
              new Event.TaskFailed(
                  claim.task(),
                  claim.agent(),
                  agentName,
                  failed.error(),
                  failed.errorType(),
                  claim.attempt());
          case TaskEnd.Cancelled cancelled ->
              new Event.TaskCancelled(claim.task(), claim.agent(), cancelled.reason());
        };
    events.append(tx, user, Draft.in(claim.project(), claim.session(), event).by(claim.agent()));
    if (awaited) {
      settleDependents(tx, user, claim.task(), status);
    }
    EndListener hears = listener;
    if (hears != null) {
      hears.ended(tx, user, claim, end, took);
    }
    tx.afterCommit(() -> {
      meters.ended(status, took);
      told(claim.task(), status);
    });
  }

  /// What waits for a task that ended may go on, or will never start.
  private void settleDependents(Tx tx, UserId user, TaskId task, TaskStatus status) {
    if (status != TaskStatus.COMPLETED) {
      doom(tx, user, Set.of(task));
    } else if (needs.met(tx, user, task) > 0) {
      tx.afterCommit(this::wake);
    }
  }

  /// Cancels what depends on those tasks, and what depends on that: none of them will complete.
  private void doom(Tx tx, UserId user, Set<TaskId> tasks) {
    Set<TaskId> ended = tasks;
    while (!ended.isEmpty()) {
      var next = new LinkedHashSet<TaskId>();
      for (NeedStore.Doomed doomed : needs.doom(tx, user, ended, NEED_FAILED)) {
        next.add(doomed.task());
        cancelled(
            tx,
            user,
            doomed.project(),
            doomed.session(),
            doomed.task(),
            doomed.agent(),
            "%s: %s".formatted(NEED_FAILED, doomed.need()));
      }
      ended = next;
    }
  }

  private void cancelled(
      Tx tx,
      UserId user,
      ProjectId project,
      @Nullable SessionId session,
      TaskId task,
      AgentId agent,
      String reason) {
    events.append(
        tx,
        user,
        Draft.in(project, session, new Event.TaskCancelled(task, agent, reason)).by(agent));
    tx.afterCommit(() -> {
      meters.cancelled(1);
      told(task, TaskStatus.CANCELLED);
    });
  }

  /// Here and elsewhere, whoever waits for the task hears of its end.
  private void told(TaskId task, TaskStatus status) {
    waiters.tell(task, status);
    Worker here = worker.get();
    if (here != null) {
      here.ended(task, status);
    }
  }

  boolean cancelQueued(
      Tx tx,
      UserId user,
      ProjectId project,
      @Nullable SessionId session,
      TaskId task,
      String reason) {
    Optional<TaskStore.Cancelled> done = store.cancelQueued(tx, user, task, reason);
    if (done.isEmpty()) {
      return false;
    }
    cancelled(tx, user, project, session, task, done.get().agent(), reason);
    if (done.get().awaited()) {
      doom(tx, user, Set.of(task));
    }
    // The next of its session may have its turn.
    tx.afterCommit(this::wake);
    return true;
  }

  /// Those who run the tasks stop, here at once and elsewhere soon.
  void stop(Set<TaskId> tasks, StopSignal.Reason reason) {
    Worker here = worker.get();
    if (here != null) {
      here.stop(tasks, reason);
    }
  }

  /// There is work, or room for it.
  void wake() {
    Worker here = worker.get();
    if (here != null) {
      here.work();
    }
  }

  /// Those who run them stop; those who wait for them are let go.
  void forget(Tx tx, UserId user, Set<TaskId> tasks) {
    tx.afterCommit(() -> {
      stop(tasks, StopSignal.Reason.GONE);
      tasks.forEach(task -> told(task, TaskStatus.CANCELLED));
      wake();
    });
    doom(tx, user, tasks);
  }
}
