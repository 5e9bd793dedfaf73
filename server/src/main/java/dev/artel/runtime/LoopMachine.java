package dev.artel.runtime;

import dev.artel.bus.Backoff;
import dev.artel.bus.StopSignal;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Decides how a run begins and what follows each step.
final class LoopMachine {
  private static final int FIRST = 1;

  private final RunLimits limits;
  private final Backoff backoff;

  /// @param backoff how often and when what may pass is tried again
  LoopMachine(RunLimits limits, Backoff backoff) {
    this.limits = limits;
    this.backoff = backoff;
  }

  /// Where a run goes on whose journal says this. What was completed stands, whatever asks for it
  /// now: it was paid.
  Next first(Past past) {
    StepOutcome.Answered answered = past.answered();
    if (answered != null) {
      return new Next.Finish(answered);
    }
    if (past.modelCalls() >= limits.modelCallsMax()) {
      return new Next.Exhausted(RunLimits.Limit.MODEL_CALLS, past.partial());
    }
    if (past.tokens() >= limits.tokensMax()) {
      return new Next.Exhausted(RunLimits.Limit.TOKENS, past.partial());
    }
    return new Next.CallModel(FIRST);
  }

  /// What follows a step.
  ///
  /// @param stop why the run was told to end, if it was
  /// @param retries how often the task was put off already
  Next.End after(
      StepOutcome outcome, StopSignal.@Nullable Reason stop, int retries, RandomGenerator dice) {
    return switch (outcome) {
      case StepOutcome.Answered answered -> new Next.Finish(answered);
      case StepOutcome.Cut cut -> stopped(cut, stop);
      // To try again would not be what whoever said stop has asked for.
      case StepOutcome.Broken broken when broken.temporary() && stop != null ->
          stopped(broken, stop);
      case StepOutcome.Broken broken when broken.temporary() ->
          backoff
              .next(retries, broken.retryAfter(), dice)
              .<Next.End>map(delay -> new Next.Retry(broken, delay))
              .orElseGet(() -> new Next.Fail(broken));
      case StepOutcome.Broken broken -> new Next.Fail(broken);
    };
  }

  private static Next.End stopped(StepOutcome outcome, StopSignal.@Nullable Reason stop) {
    return switch (stop) {
      case null -> new Next.Cancel(outcome);
      case USER -> new Next.Cancel(outcome);
      case TIMEOUT -> new Next.TimeUp(outcome);
      case SHUTDOWN -> new Next.HandBack(outcome);
      case GONE -> new Next.Drop();
    };
  }
}
