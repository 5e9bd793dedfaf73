package dev.artel.agent;

import dev.artel.base.Ids;
import dev.artel.db.Tx;
import dev.artel.event.Draft;
import dev.artel.event.EventLog;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.Event;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.UserId;
import java.util.List;

/// Takes new agents into a project, each with its first version and its event.
final class Recruits {
  private final Ids ids;
  private final EventLog events;
  private final AgentStore store;
  private final VersionStore versions;

  Recruits(Ids ids, EventLog events, AgentStore store, VersionStore versions) {
    this.ids = ids;
    this.events = events;
    this.store = store;
    this.versions = versions;
  }

  AgentId nextId() {
    return new AgentId(ids.next());
  }

  Agent take(Tx tx, UserId user, ProjectId project, AgentId id, String name, AgentConfig config) {
    Agent agent = store.insert(tx, user, project, id, name, config);
    versions.insert(tx, user, agent);
    events.append(
        tx,
        user,
        Draft.in(project, new Event.AgentCreated(agent.id(), name, agent.version(), List.of()))
            .by(agent.id()));
    return agent;
  }
}
