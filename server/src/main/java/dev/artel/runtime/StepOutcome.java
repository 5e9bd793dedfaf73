package dev.artel.runtime;

import dev.artel.llm.ModelOutcome;
import dev.artel.protocol.FinishReason;
import dev.artel.protocol.Usage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What a step led to. Closed: whoever adds a kind is shown by the compiler what must be decided
/// about it.
sealed interface StepOutcome {
  Said said();

  /// The model ended its answer.
  record Answered(Said said, FinishReason finishReason) implements StepOutcome {}

  /// The call was ended from here, with what had come by then.
  record Cut(Said said) implements StepOutcome {}

  /// The model did not answer, or broke off.
  ///
  /// @param temporary whether the same call may succeed a little later, and nobody saw a token yet
  /// @param retryAfter what the provider asked for
  record Broken(
      Said said, String error, String errorType, boolean temporary, @Nullable Duration retryAfter)
      implements StepOutcome {}

  static StepOutcome of(ModelOutcome outcome) {
    Said said = said(outcome);
    return switch (outcome) {
      case ModelOutcome.Answered answered ->
          new Answered(said, FinishReason.valueOf(answered.finishReason().name()));
      case ModelOutcome.Cancelled _ -> new Cut(said);
      case ModelOutcome.Failed failed ->
          new Broken(
              said,
              failed.message(),
              failed.errorType().wire(),
              failed.retryable(),
              failed.retryAfter());
    };
  }

  private static Said said(ModelOutcome outcome) {
    dev.artel.llm.Usage used = outcome.usage();
    return new Said(
        KeptText.of(outcome.text()),
        KeptText.of(outcome.thinking()),
        outcome.served().provider(),
        outcome.served().model(),
        outcome.served().demo(),
        new Usage(
            used.calls(), used.tokensIn(), used.tokensOut(), used.tokensCached(), used.costUsd()),
        used.estimated(),
        outcome.latency().firstTokenMs(),
        outcome.latency().totalMs());
  }
}
