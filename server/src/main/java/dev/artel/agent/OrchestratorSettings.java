package dev.artel.agent;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// How an orchestrator routes and plans.
///
/// @param maxParallelAgents how many agents of one plan run at a time
/// @param approvalThresholdCost a plan that costs more (USD) needs the user's approval
/// @param approvalThresholdTasks so does a plan of that many tasks
public record OrchestratorSettings(
    int maxParallelAgents,
    BigDecimal approvalThresholdCost,
    int approvalThresholdTasks,
    @Nullable String routingStrategy,
    @Nullable Integer timeoutSeconds,
    @Nullable String fallbackBehavior) {
  public static final int PARALLEL_DEFAULT = 3;
  public static final int PARALLEL_MAX = 10;
  public static final BigDecimal COST_DEFAULT = new BigDecimal("0.10");
  public static final BigDecimal COST_MAX = new BigDecimal(1000);
  public static final int TASKS_DEFAULT = 3;
  public static final int TASKS_MAX = 100;
  public static final int TIMEOUT_SECONDS_MAX = 600;

  public static final OrchestratorSettings DEFAULT =
      new OrchestratorSettings(PARALLEL_DEFAULT, COST_DEFAULT, TASKS_DEFAULT, null, null, null);
}
