package dev.artel.agent;

import dev.artel.bus.QueueLoad;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.AgentStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An agent as every route shows it.
///
/// @param agentId the readable id
/// @param state how its work stands: `idle`, `processing`, `at_capacity` or `error`
record AgentResponse(
    AgentId id,
    String name,
    AgentStatus status,
    Instant createdAt,
    AgentConfig config,
    String agentId,
    int version,
    Instant updatedAt,
    @Nullable String lastError,
    String state,
    QueueLoad queue) {

  static AgentResponse of(Agent agent, QueueLoad queue) {
    return new AgentResponse(
        agent.id(),
        agent.name(),
        agent.status(),
        agent.createdAt(),
        agent.config(),
        agent.readableId(),
        agent.version(),
        agent.updatedAt(),
        agent.lastError(),
        state(agent, queue.active()),
        queue);
  }

  static String state(Agent agent, int active) {
    if (agent.status() == AgentStatus.ERROR) {
      return "error";
    }
    if (active >= agent.config().concurrencyLimit()) {
      return "at_capacity";
    }
    return active > 0 ? "processing" : "idle";
  }
}
