package dev.artel.runtime;

import dev.artel.agent.AgentVersion;
import dev.artel.bus.Claim;
import dev.artel.bus.StopSignal;
import dev.artel.llm.ModelRequest;
import dev.artel.llm.Resolution;
import java.time.Duration;

/// One claim's work on a turn that was taken up.
///
/// @param begunNanos when the claim came
/// @param start what it begins with
record Run(
    Claim claim,
    AgentVersion agent,
    StopSignal stop,
    long begunNanos,
    Conversation.Turn turn,
    Past past,
    Start start) {

  /// What a run begins with.
  sealed interface Start {
    /// A call of the model, whose step was begun.
    record Asking(Journal.Running step, Resolution.Served served, ModelRequest request)
        implements Start {}

    /// Its end: nothing is left to ask, or nobody.
    record Over(Next.End end) implements Start {}
  }

  Duration took() {
    return Duration.ofNanos(System.nanoTime() - begunNanos);
  }
}
