package dev.artel.agent;

import dev.artel.bus.Bus;
import dev.artel.db.Db;
import dev.artel.db.Tx;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.UserId;
import java.util.List;

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
    var queues = bus.loads(tx, user, project);
    return agents.stream()
        .map(agent -> AgentResponse.of(agent, queues.getOrDefault(agent.id(), bus.idle())))
        .toList();
  }
}
