package dev.artel.orchestrator;

import dev.artel.agent.Agent;
import dev.artel.agent.Agents;
import dev.artel.base.Fault;
import dev.artel.http.IfMatch;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.UserId;
import dev.artel.protocol.WireCodec;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The settings by which a project's requests are routed and planned. Blocks; safe for use by many
/// threads.
public final class Orchestration {
  private static final List<String> FIELDS =
      List.of(
          "model",
          "max_parallel_agents",
          "approval_threshold_cost",
          "approval_threshold_tasks",
          "routing_strategy",
          "timeout_seconds",
          "fallback_behavior");

  private final Agents agents;

  private Orchestration(Agents agents) {
    this.agents = agents;
  }

  public static Orchestration create(Agents agents) {
    return new Orchestration(agents);
  }

  /// Fails with NOT_FOUND when the project has no agent of that role.
  public Settings settings(UserId user, ProjectId project) {
    return Settings.of(orchestrator(user, project));
  }

  /// Replaces the settings: one that is absent or null gets its default. What else the agent is
  /// stays. The next task begins with them.
  ///
  /// @param at the JSON pointer of the settings in the body, for the errors
  public Settings replace(
      UserId user, ProjectId project, ObjectNode wanted, String at, IfMatch seen) {
    ObjectNode patch = WireCodec.json().createObjectNode();
    for (String field : FIELDS) {
      JsonNode value = wanted.get(field);
      if (value == null) {
        patch.putNull(field);
      } else {
        patch.set(field, value);
      }
    }
    Agent present = orchestrator(user, project);
    return Settings.of(agents.patch(user, project, present.id().toString(), null, patch, at, seen));
  }

  private Agent orchestrator(UserId user, ProjectId project) {
    return agents
        .orchestrator(user, project)
        .orElseThrow(() -> Fault.notFound("Orchestrator not found"));
  }
}
