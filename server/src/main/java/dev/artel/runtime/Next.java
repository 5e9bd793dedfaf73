package dev.artel.runtime;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What a run does next.
sealed interface Next {
  /// Asks the model, as the step of that number.
  record CallModel(int step) implements Next {}

  /// The run is over, if not the task.
  sealed interface End extends Next {}

  /// The task is done, with that answer.
  record Finish(StepOutcome.Answered outcome) implements End {}

  /// A limit was hit: what was said by then is the answer.
  record Exhausted(RunLimits.Limit limit, @Nullable Said partial) implements End {}

  /// The task is put off: the error may pass.
  record Retry(StepOutcome.Broken outcome, Duration delay) implements End {}

  /// The task fails.
  record Fail(StepOutcome.Broken outcome) implements End {}

  /// The user said stop.
  record Cancel(StepOutcome outcome) implements End {}

  /// The running time is used up.
  record TimeUp(StepOutcome outcome) implements End {}

  /// The process stops; another one goes on.
  record HandBack(StepOutcome outcome) implements End {}

  /// What the task worked for is gone, or the task another's: there is nothing left to write.
  record Drop() implements End {}
}
