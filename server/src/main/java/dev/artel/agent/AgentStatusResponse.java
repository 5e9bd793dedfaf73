package dev.artel.agent;

import dev.artel.bus.QueueLoad;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.AgentStatus;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How an agent does.
///
/// @param state how its work stands: `idle`, `processing`, `at_capacity` or `error`
/// @param isActive whether it takes work
/// @param isInCache whether this process holds its configuration
/// @param recoverAt when an agent in error is tried again
@Schema(name = "AgentStatusResponse")
record AgentStatusResponse(
    @Schema(type = "string", format = "uuid") AgentId agentId,
    String agentName,
    AgentStatus status,
    @Schema(allowableValues = {"idle", "processing", "at_capacity", "error"}) String state,
    boolean isActive,
    boolean isInCache,
    @Nullable String lastError,
    @Nullable Instant errorAt,
    @Nullable Instant recoverAt,
    QueueLoad queue,
    Execution execution,
    Spent usage,
    Context context,
    Performance performance,
    Settings config,
    Health health) {

  /// @param avgExecutionTimeMs null before the first
  @Schema(name = "AgentExecution")
  record Execution(
      long totalExecutions,
      long successful,
      long failed,
      @Nullable Instant lastExecution,
      @Nullable Double avgExecutionTimeMs,
      @Nullable Long lastExecutionTimeMs) {}

  /// @param costUsd null when the price of no call was known
  @Schema(name = "AgentSpent")
  record Spent(long calls, long tokensIn, long tokensOut, @Nullable BigDecimal costUsd) {}

  /// What it remembers.
  @Schema(name = "AgentContext")
  record Context(long totalVectors, boolean contextSearchEnabled) {}

  /// @param cacheHitRate of all configurations that this process read
  @Schema(name = "AgentPerformance")
  record Performance(
      @Nullable Double cacheHitRate,
      @Nullable Double errorRate,
      @Nullable Double avgTokensPerExecution) {}

  /// The settings that bear on its work.
  @Schema(name = "AgentSettings")
  record Settings(String model, double temperature, int maxTokens, int concurrencyLimit) {}

  /// @param lastCheck null before the first check
  /// @param result `ok`, or what is wrong
  @Schema(name = "AgentHealth")
  record Health(@Nullable Instant lastCheck, @Nullable String result) {}

  static AgentStatusResponse of(
      Agent agent,
      boolean cached,
      QueueLoad queue,
      AgentTally tally,
      @Nullable Double cacheHitRate,
      StatusStore.Signs signs) {
    AgentConfig config = agent.config();
    return new AgentStatusResponse(
        agent.id(),
        agent.name(),
        agent.status(),
        AgentResponse.state(agent, queue.active()),
        agent.status() != AgentStatus.ERROR,
        cached,
        agent.lastError(),
        signs.errorAt(),
        signs.recoverAt(),
        queue,
        new Execution(
            tally.total(),
            tally.completed(),
            tally.failed(),
            tally.lastAt(),
            tally.averageMs(),
            tally.lastAt() == null ? null : tally.lastMs()),
        new Spent(tally.calls(), tally.tokensIn(), tally.tokensOut(), tally.knownCost()),
        new Context(0, false),
        new Performance(cacheHitRate, tally.errorRate(), tally.averageTokens()),
        new Settings(
            config.model(), config.temperature(), config.maxTokens(), config.concurrencyLimit()),
        new Health(signs.checkedAt(), signs.result()));
  }
}
