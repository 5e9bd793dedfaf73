package dev.artel.agent;

import dev.artel.bus.Bus;
import dev.artel.bus.QueueLoad;
import dev.artel.db.Db;
import dev.artel.db.Tx;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.UserId;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Shows agents with the work they have: one look at the queues, however many are shown.
final class AgentView {
  private final Db db;
  private final Bus bus;

  AgentView(Db db, Bus bus) {
    this.db = db;
    this.bus = bus;
  }

  AgentResponse of(Agent agent) {
    return of(agent.user(), agent.project(), List.of(agent)).getFirst();
  }

  List<AgentResponse> of(UserId user, ProjectId project, List<Agent> agents) {
    return db.read(user, tx -> of(tx, user, project, agents));
  }

  List<AgentResponse> of(Tx tx, UserId user, ProjectId project, List<Agent> agents) {
    Map<AgentId, QueueLoad> loads = bus.loads(tx, user, project);
    var none = new QueueLoad(0, bus.limits().queuePerAgent(), 0, 0);
    return agents.stream()
        .map(agent ->
            AgentResponse.of(agent, Objects.requireNonNullElse(loads.get(agent.id()), none)))
        .toList();
  }
}
