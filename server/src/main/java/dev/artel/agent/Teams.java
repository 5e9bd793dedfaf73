package dev.artel.agent;

import dev.artel.bus.Bus;
import dev.artel.bus.QueueLoad;
import dev.artel.db.Db;
import dev.artel.db.Tx;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.AgentStatus;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// All agents of one project together: how they do, and whether their configurations are at hand.
/// Each call that reads is one transaction and blocks; safe for use by many threads.
public final class Teams {
  private final Db db;
  private final Agents agents;
  private final Bus bus;
  private final VersionStore versions = new VersionStore();
  private final HourStore hours = new HourStore();

  Teams(Db db, Agents agents, Bus bus) {
    this.db = db;
    this.agents = agents;
    this.bus = bus;
  }

  /// How a project's agents do.
  ///
  /// @param tasksEnded tasks of the present agents that ended so far
  /// @param at when they were looked at
  public record Team(List<Member> members, long tasksEnded, Instant at) {
    public Team {
      members = List.copyOf(members);
    }

    /// Those who take work.
    public int active() {
      return Math.toIntExact(members.stream().filter(Member::isActive).count());
    }
  }

  /// @param state how its work stands: `idle`, `processing`, `at_capacity` or `error`
  /// @param isActive whether it takes work
  /// @param isInCache whether this process holds its configuration
  public record Member(
      AgentId agentId,
      String agentName,
      AgentStatus status,
      String state,
      boolean isActive,
      boolean isInCache,
      QueueLoad queue) {}

  /// The cache of this process, as one project sees it.
  ///
  /// @param size configurations of that project
  /// @param maxSize how many of all projects there may be
  /// @param hitRate of all configurations that this process read; null before the first
  public record Cached(int size, int maxSize, @Nullable Double hitRate, Duration ttl) {}

  /// As `look`, and keeps the present configurations at hand.
  public Team open(UserId user, ProjectId project) {
    return db.read(
        user,
        tx -> {
          for (AgentVersion version : versions.present(tx, user, project)) {
            agents.cache().keep(user, project, version);
          }
          return look(tx, user, project);
        });
  }

  public Team look(UserId user, ProjectId project) {
    return db.read(user, tx -> look(tx, user, project));
  }

  private Team look(Tx tx, UserId user, ProjectId project) {
    Map<AgentId, QueueLoad> loads = bus.loads(tx, user, project);
    var none = new QueueLoad(0, bus.limits().queuePerAgent(), 0, 0);
    List<Member> members =
        agents.all(tx, user, project).stream()
            .map(agent -> member(agent, loads.getOrDefault(agent.id(), none)))
            .toList();
    HourStore.Ended ended = hours.ended(tx, user, project);
    return new Team(members, ended.tasks(), ended.at());
  }

  private Member member(Agent agent, QueueLoad load) {
    return new Member(
        agent.id(),
        agent.name(),
        agent.status(),
        AgentResponse.state(agent, load.active()),
        agent.status() != AgentStatus.ERROR,
        agents.isCached(agent.user(), agent.project(), agent.id()),
        load);
  }

  /// Lets the project's configurations go; whoever needs one reads it again.
  public void letGo(UserId user, ProjectId project) {
    agents.cache().dropAll(user, project);
  }

  /// Asks no database.
  ///
  /// @param team the project's agents
  public Cached cached(UserId user, ProjectId project, Team team) {
    ConfigCache cache = agents.cache();
    long held =
        team.members().stream()
            .filter(member -> cache.holds(user, project, member.agentId()))
            .count();
    return new Cached(
        Math.toIntExact(held), ConfigCache.ENTRIES_MAX, cache.hitRate(), ConfigCache.TTL);
  }
}
