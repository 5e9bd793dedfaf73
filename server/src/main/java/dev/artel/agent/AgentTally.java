package dev.artel.agent;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What an agent did in some time. Rates and averages are of what was completed or failed; what was
/// cancelled says nothing about the agent.
///
/// @param lastAt when its last task ended; null when none did
/// @param costUsd of the calls whose price was known
/// @param unpricedCalls calls whose price was not known
record AgentTally(
    long completed,
    long failed,
    long cancelled,
    long runningMs,
    @Nullable Instant lastAt,
    long lastMs,
    long calls,
    long tokensIn,
    long tokensOut,
    long tokensCached,
    BigDecimal costUsd,
    long unpricedCalls) {
  static final AgentTally NOTHING =
      new AgentTally(0, 0, 0, 0, null, 0, 0, 0, 0, 0, BigDecimal.ZERO, 0);

  long total() {
    return completed + failed + cancelled;
  }

  /// Of what was completed or failed, the part that was completed; null when there is nothing.
  @Nullable Double successRate() {
    return completed + failed == 0 ? null : (double) completed / (completed + failed);
  }

  @Nullable Double errorRate() {
    return completed + failed == 0 ? null : (double) failed / (completed + failed);
  }

  /// Running time of a task; null when none ended.
  @Nullable Double averageMs() {
    return total() == 0 ? null : (double) runningMs / total();
  }

  /// Tokens of a task, both ways; null when none ended.
  @Nullable Double averageTokens() {
    return total() == 0 ? null : (double) (tokensIn + tokensOut) / total();
  }

  /// Null when the price of no call was known.
  @Nullable BigDecimal knownCost() {
    return calls > 0 && unpricedCalls == calls ? null : costUsd;
  }
}
