package dev.artel.bus;

import dev.artel.protocol.TaskStatus;
import java.util.Set;

/// Decides how one task moves. The statements of the stores do what stands here, each as one
/// compare-and-set; a test holds them to it. Late and repeated events change nothing: a process may
/// lose its claim and wake up later, and a person may cancel what has just ended.
final class TaskMachine {
  private TaskMachine() {}

  /// Where a task stands.
  sealed interface State {
    TaskStatus status();
  }

  /// It waits in its agent's queue.
  ///
  /// @param putOff whether it waits for its retry time
  /// @param unmet tasks that it depends on and that have not completed
  /// @param stopRequested whether a run that broke off had been asked to end: the next one is, too
  record Queued(
      long fence, int attempts, int retries, boolean putOff, int unmet, boolean stopRequested)
      implements State {
    @Override
    public TaskStatus status() {
      return TaskStatus.QUEUED;
    }
  }

  /// @param stopRequested whether whoever runs it was asked to end it
  record Running(long fence, int attempts, int retries, boolean stopRequested) implements State {
    @Override
    public TaskStatus status() {
      return TaskStatus.RUNNING;
    }
  }

  /// It never moves again.
  record Ended(TaskStatus status) implements State {
    Ended {
      if (!isEnd(status)) {
        throw new IllegalArgumentException(status + " is no end");
      }
    }
  }

  /// What happens to a task. Those that a run reports carry the number of its claim.
  sealed interface Event {}

  record Claimed() implements Event {}

  /// The process stops and gives the task back.
  record HandedBack(long fence) implements Event {}

  /// The process that ran it fell silent.
  record LeaseEnded() implements Event {}

  /// A temporary error.
  record PutOff(long fence) implements Event {}

  record Finished(long fence, TaskStatus end) implements Event {}

  record CancelRequested() implements Event {}

  /// A task that this one depends on has completed.
  record NeedMet() implements Event {}

  /// A task that this one depends on ended without completing.
  record NeedFailed() implements Event {}

  /// What follows from a move.
  enum Effect {
    /// Somebody may take it up.
    OFFER,
    /// Whoever runs it is told.
    STOP_RUN,
    /// What depends on it goes on, or is cancelled.
    SETTLE_DEPENDENTS
  }

  record Step(State next, Set<Effect> effects) {}

  static Step apply(State state, Event event) {
    return switch (state) {
      case Queued queued -> queued(queued, event);
      case Running running -> running(running, event);
      case Ended _ -> stay(state);
    };
  }

  private static Step queued(Queued queued, Event event) {
    return switch (event) {
      case Claimed _ when queued.unmet() == 0 ->
          step(
              new Running(
                  queued.fence() + 1,
                  queued.attempts() + 1,
                  queued.retries(),
                  queued.stopRequested()));
      case CancelRequested _ -> ended(TaskStatus.CANCELLED);
      case NeedMet _ when queued.unmet() > 0 -> {
        var next =
            new Queued(
                queued.fence(),
                queued.attempts(),
                queued.retries(),
                queued.putOff(),
                queued.unmet() - 1,
                queued.stopRequested());
        yield next.unmet() == 0 ? step(next, Effect.OFFER) : step(next);
      }
      case NeedFailed _ when queued.unmet() > 0 -> ended(TaskStatus.CANCELLED);
      case Claimed _, NeedMet _, NeedFailed _ -> stay(queued);
      case HandedBack _, LeaseEnded _, PutOff _, Finished _ -> stay(queued);
    };
  }

  private static Step running(Running running, Event event) {
    return switch (event) {
      // What a stopping process gives back costs no try.
      case HandedBack(long fence) when fence == running.fence() ->
          step(back(running, running.attempts() - 1, running.retries(), false), Effect.OFFER);
      case LeaseEnded _ ->
          step(back(running, running.attempts(), running.retries(), false), Effect.OFFER);
      case PutOff(long fence) when fence == running.fence() ->
          step(back(running, running.attempts(), running.retries() + 1, true), Effect.OFFER);
      case Finished(long fence, TaskStatus end) when fence == running.fence() -> ended(end);
      case CancelRequested _ when !running.stopRequested() ->
          step(
              new Running(running.fence(), running.attempts(), running.retries(), true),
              Effect.STOP_RUN);
      // The claim is another's now, and so is its end.
      case HandedBack _, PutOff _, Finished _ -> stay(running);
      case Claimed _, CancelRequested _, NeedMet _, NeedFailed _ -> stay(running);
    };
  }

  private static Queued back(Running running, int attempts, int retries, boolean putOff) {
    return new Queued(running.fence(), attempts, retries, putOff, 0, running.stopRequested());
  }

  private static Step ended(TaskStatus end) {
    return step(new Ended(end), Effect.SETTLE_DEPENDENTS);
  }

  private static Step step(State next, Effect... effects) {
    return new Step(next, Set.of(effects));
  }

  private static Step stay(State state) {
    return step(state);
  }

  /// Whether a task in that state never moves again.
  static boolean isEnd(TaskStatus status) {
    return switch (status) {
      case COMPLETED, FAILED, CANCELLED -> true;
      case QUEUED, RUNNING, AWAITING_APPROVAL, AWAITING_RUNNER -> false;
    };
  }
}
