package dev.artel.runtime;

import dev.artel.protocol.Words;

/// Every limit of an agent's run that the journal counts, so that a restart does not reset it. Each
/// is announced by an `error` event when it is hit. The running time is the claim's.
///
/// @param modelCallsMax calls of models for one task, failed ones included
/// @param tokensMax tokens, in and out, after which no further call begins
record RunLimits(int modelCallsMax, long tokensMax) {
  static final RunLimits STANDARD = new RunLimits(50, 400_000);

  /// A limit that was hit.
  enum Limit implements Words {
    MODEL_CALLS,
    TOKENS
  }

  long of(Limit limit) {
    return switch (limit) {
      case MODEL_CALLS -> modelCallsMax;
      case TOKENS -> tokensMax;
    };
  }
}
