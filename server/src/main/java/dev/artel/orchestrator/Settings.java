package dev.artel.orchestrator;

import dev.artel.agent.Agent;
import dev.artel.agent.OrchestratorSettings;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.UserId;
import java.time.Instant;

/// The orchestrator of a project, as settings.
///
/// @param id the agent whose configuration these are
public record Settings(
    AgentId id,
    UserId user,
    String model,
    OrchestratorSettings values,
    int version,
    Instant createdAt) {

  static Settings of(Agent agent) {
    OrchestratorSettings own = agent.config().orchestrator();
    return new Settings(
        agent.id(),
        agent.user(),
        agent.config().model(),
        own == null ? OrchestratorSettings.DEFAULT : own,
        agent.version(),
        agent.createdAt());
  }
}
