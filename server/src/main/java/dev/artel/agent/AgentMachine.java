package dev.artel.agent;

import dev.artel.protocol.AgentStatus;
import dev.artel.protocol.StatusReason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Decides whether an agent is ready, busy or in error, and how long it stays in error. No clock
/// and no database: every input is an argument.
final class AgentMachine {
  static final Duration FIRST_RECOVERY = Duration.ofSeconds(60);
  static final Duration RECOVERY_MAX = Duration.ofMinutes(15);

  private AgentMachine() {}

  /// How an agent stands.
  ///
  /// @param failures critical failures since a task was last completed
  record Standing(AgentStatus status, int failures) {}

  /// What can happen to an agent.
  sealed interface Happening {
    /// One of its tasks began to run.
    record Started() implements Happening {}

    /// One of its tasks stopped running.
    ///
    /// @param othersRun whether another one runs
    /// @param completed whether it was completed: then its model answered
    record Stopped(boolean othersRun, boolean completed) implements Happening {}

    /// A task failed of something that will fail every other one as well.
    record Broke(String error) implements Happening {}

    /// A check found that it cannot work.
    record Unhealthy(String error) implements Happening {}

    /// It was in error and was tried again: the cause is still there.
    record TriedInVain(String error) implements Happening {}

    /// It was in error and was tried again: the cause is gone.
    record Recovered() implements Happening {}
  }

  /// What follows.
  ///
  /// @param reason why the status changed; null when it did not
  /// @param error the new error of an agent that is in error; null when there is none
  /// @param recoverAfter when to try an agent in error again; null when that time stays as it is
  record Step(
      Standing next,
      @Nullable StatusReason reason,
      @Nullable String error,
      @Nullable Duration recoverAfter) {}

  static Step apply(Standing now, Happening happening) {
    return switch (happening) {
      case Happening.Started _ ->
          switch (now.status()) {
            case READY -> to(now, AgentStatus.BUSY, StatusReason.TASK);
            case BUSY -> stay(now);
            // Admitted before the error; whether it works out tells its own end.
            case ERROR -> stay(now);
          };
      case Happening.Stopped stopped -> stopped(now, stopped);
      case Happening.Broke broke -> broken(now, StatusReason.FAILURE, broke.error());
      case Happening.Unhealthy unhealthy -> broken(now, StatusReason.HEALTH, unhealthy.error());
      case Happening.TriedInVain tried ->
          switch (now.status()) {
            case ERROR -> again(now, tried.error());
            // Someone else's attempt was quicker and found the cause gone.
            case READY, BUSY -> stay(now);
          };
      case Happening.Recovered _ ->
          switch (now.status()) {
            // The failures stay: a check that costs nothing cannot know whether the next task
            // works.
            case ERROR -> to(now, AgentStatus.READY, StatusReason.RECOVERY);
            case READY, BUSY -> stay(now);
          };
    };
  }

  private static Step stopped(Standing now, Happening.Stopped stopped) {
    Standing known = stopped.completed() ? new Standing(now.status(), 0) : now;
    return switch (now.status()) {
      case BUSY ->
          stopped.othersRun() ? stay(known) : to(known, AgentStatus.READY, StatusReason.TASK);
      // Counted as busy by none: its run was taken back before.
      case READY -> stay(known);
      // What it completed may have begun before the cause; the way out is an attempt.
      case ERROR -> stay(known);
    };
  }

  private static Step broken(Standing now, StatusReason reason, String error) {
    return switch (now.status()) {
      case READY, BUSY -> {
        int failures = now.failures() + 1;
        yield new Step(
            new Standing(AgentStatus.ERROR, failures), reason, error, recoveryAfter(failures));
      }
      // The first cause stands, and so does the time of the next attempt.
      case ERROR -> stay(now);
    };
  }

  private static Step again(Standing now, String error) {
    int failures = now.failures() + 1;
    return new Step(
        new Standing(AgentStatus.ERROR, failures), null, error, recoveryAfter(failures));
  }

  /// How long an agent stays in error before it is tried again: doubled with each failure.
  static Duration recoveryAfter(int failures) {
    Duration wait = FIRST_RECOVERY;
    for (int i = 1; i < failures && wait.compareTo(RECOVERY_MAX) < 0; i++) {
      wait = wait.multipliedBy(2);
    }
    return wait.compareTo(RECOVERY_MAX) > 0 ? RECOVERY_MAX : wait;
  }

  private static Step to(Standing now, AgentStatus status, StatusReason reason) {
    return new Step(new Standing(status, now.failures()), reason, null, null);
  }

  private static Step stay(Standing now) {
    return new Step(now, null, null, null);
  }
}
