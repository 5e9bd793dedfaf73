package dev.artel.llm;

import dev.artel.llm.Resolution.Served;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How a call ended. Each outcome carries what came until then.
public sealed interface ModelOutcome {
  Served served();

  String text();

  String thinking();

  Usage usage();

  Latency latency();

  /// Milliseconds from the call to the first token (null when none came) and to the end.
  record Latency(@Nullable Long firstTokenMs, long totalMs) {}

  /// The model ended its answer. The text may be empty when the model had nothing to say.
  record Answered(
      Served served,
      String text,
      String thinking,
      FinishReason finishReason,
      Usage usage,
      Latency latency)
      implements ModelOutcome {}

  /// The caller cancelled; the connection is closed and the text is what came until then.
  record Cancelled(Served served, String text, String thinking, Usage usage, Latency latency)
      implements ModelOutcome {}

  /// The model did not answer, or broke off: then `text` is the part that came. `message` is
  /// written for the user and holds no addresses, keys or wording of a provider. `retryable` says
  /// that the same request may succeed a little later, and that nobody saw a token yet: after the
  /// first one the user would see the answer begin twice and pay twice. `retryAfter` is what the
  /// provider asked for.
  record Failed(
      Served served,
      ModelErrorType errorType,
      String message,
      boolean retryable,
      @Nullable Duration retryAfter,
      String text,
      String thinking,
      Usage usage,
      Latency latency)
      implements ModelOutcome {}
}
