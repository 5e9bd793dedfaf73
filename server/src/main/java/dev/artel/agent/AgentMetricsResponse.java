package dev.artel.agent;

import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an agent did, since it was made or in one piece of its history. Rates are of the tasks that
/// were completed or failed.
///
/// @param start of the piece; null for everything
/// @param avgProcessingTime seconds of running time
/// @param costUsd of the calls whose price was known; null when none was
@Schema(name = "AgentMetricsResponse")
record AgentMetricsResponse(
    @Nullable Instant start,
    long totalTasks,
    long successfulTasks,
    long failedTasks,
    long cancelledTasks,
    @Nullable Double successRate,
    @Nullable Double avgDurationMs,
    @Nullable Instant lastActiveAt,
    long apiCalls,
    long tokensIn,
    long tokensOut,
    long tokensCached,
    @Nullable BigDecimal costUsd,
    long unpricedCalls,
    long tasksProcessed,
    long tasksFailed,
    @Nullable Double avgProcessingTime,
    @Nullable Instant lastActivity,
    @Nullable Double errorRate) {
  private static final double MILLIS = 1000;

  static AgentMetricsResponse of(@Nullable Instant start, AgentTally tally) {
    Double averageMs = tally.averageMs();
    return new AgentMetricsResponse(
        start,
        tally.total(),
        tally.completed(),
        tally.failed(),
        tally.cancelled(),
        tally.successRate(),
        averageMs,
        tally.lastAt(),
        tally.calls(),
        tally.tokensIn(),
        tally.tokensOut(),
        tally.tokensCached(),
        tally.knownCost(),
        tally.unpricedCalls(),
        tally.total(),
        tally.failed(),
        averageMs == null ? null : averageMs / MILLIS,
        tally.lastAt(),
        tally.errorRate());
  }

  /// @param history oldest first; hours or days in which nothing ended are left out
  @Schema(name = "AgentMetricsHistory")
  record History(HistoryBucket bucket, List<AgentMetricsResponse> history) {}
}
