package dev.artel.analytics;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the log says about a project as a whole.
///
/// @param eventsByType the same counts as `eventTypeCounts`
/// @param agentInteractions events by the id of the agent that they are about
/// @param eventsByStatus whether they were published
public record Summary(
    Map<String, Long> eventTypeCounts,
    Map<String, Long> agentInteractions,
    ErrorStats errorStats,
    long totalEvents,
    Map<String, Long> eventsByType,
    Map<String, Long> eventsByStatus,
    LatencyStats latencyStats,
    Retention retention) {

  /// Failures: `errors` events, tasks that failed, and what kinds of error they had.
  public record ErrorStats(long errors, long failedTasks, Map<String, Long> byErrorType) {}

  /// Running times of completed tasks in milliseconds; null when there are none.
  public record LatencyStats(
      @Nullable Long min,
      @Nullable Long max,
      @Nullable Double avg,
      @Nullable Double p95,
      long count) {}

  /// How long events are kept; 0 days: for ever.
  public record Retention(int days) {}
}
