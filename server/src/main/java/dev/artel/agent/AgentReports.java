package dev.artel.agent;

import dev.artel.bus.Bus;
import dev.artel.bus.QueueLoad;
import dev.artel.db.Db;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.UserId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tells how an agent does and what it did. Fails with NOT_FOUND when nobody is addressed so.
final class AgentReports {
  /// A month by hours, two years by days.
  static final int PIECES_MAX = 750;

  private final Db db;
  private final Agents agents;
  private final Bus bus;
  private final StatusStore statuses = new StatusStore();
  private final HourStore hours = new HourStore();

  AgentReports(Db db, Agents agents, Bus bus) {
    this.db = db;
    this.agents = agents;
    this.bus = bus;
  }

  AgentStatusResponse status(UserId user, ProjectId project, String address) {
    return db.read(
        user,
        tx -> {
          Agent agent = agents.addressed(tx, user, project, address);
          var none = new QueueLoad(0, bus.limits().queuePerAgent(), 0, 0);
          return AgentStatusResponse.of(
              agent,
              agents.isCached(user, project, agent.id()),
              bus.loads(tx, user, project).getOrDefault(agent.id(), none),
              hours.total(tx, user, agent.id()).orElse(AgentTally.NOTHING),
              agents.cache().hitRate(),
              statuses.signs(tx, user, agent.id()));
        });
  }

  AgentTally metrics(UserId user, ProjectId project, String address) {
    return db.read(
        user,
        tx ->
            hours
                .total(tx, user, agents.addressed(tx, user, project, address).id())
                .orElse(AgentTally.NOTHING));
  }

  /// The newest pieces, oldest first.
  List<HourStore.Piece> history(
      UserId user,
      ProjectId project,
      String address,
      @Nullable Instant from,
      @Nullable Instant until,
      HistoryBucket bucket) {
    return db.read(
        user,
        tx ->
            hours.history(
                tx,
                user,
                agents.addressed(tx, user, project, address).id(),
                from,
                until,
                bucket,
                PIECES_MAX));
  }
}
