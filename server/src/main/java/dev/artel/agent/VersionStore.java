package dev.artel.agent;

import dev.artel.db.Tx;
import dev.artel.http.Page;
import dev.artel.http.Paging;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.UserId;
import dev.artel.protocol.WireCodec;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The rows of what agents were. Written once, never changed.
final class VersionStore {
  private static final List<String> SORTABLE = List.of();

  void insert(Tx tx, UserId user, Agent agent) {
    tx.sql(
            """
            insert into agent_versions (user_id, agent_id, version, name, name_key, config, created_at)
            values (:user_id, :agent_id, :version, :name, :name_key, cast(:config as jsonb),
                    artel_now())
            """)
        .param("user_id", user.value())
        .param("agent_id", agent.id().value())
        .param("version", agent.version())
        .param("name", agent.name())
        .param("name_key", AgentNames.key(agent.name()))
        .param("config", WireCodec.json().writeValueAsString(agent.config()))
        .update();
  }

  Optional<AgentVersion> find(Tx tx, UserId user, AgentId agent, int version) {
    return tx.sql(
            """
            select agent_id, version, name, config, created_at from agent_versions
             where user_id = :user_id and agent_id = :agent_id and version = :version
            """)
        .param("user_id", user.value())
        .param("agent_id", agent.value())
        .param("version", version)
        .query((row, _) -> version(row))
        .optional();
  }

  /// The present versions of a project's agents.
  List<AgentVersion> present(Tx tx, UserId user, ProjectId project) {
    return tx.sql(
            """
            select v.agent_id, v.version, v.name, v.config, v.created_at
              from user_agents a
              join agent_versions v
                on v.user_id = a.user_id and v.agent_id = a.id and v.version = a.version
             where a.user_id = :user_id and a.project_id = :project_id
            """)
        .param("user_id", user.value())
        .param("project_id", project.value())
        .query((row, _) -> version(row))
        .list();
  }

  /// A version beside the one before it, which the first has not.
  record Pair(AgentVersion version, @Nullable AgentVersion before) {}

  Page<Pair> list(Tx tx, UserId user, AgentId agent, Paging paging) {
    String order = paging.orderBy(SORTABLE, "version desc");
    // One row more than the page: the last one is compared with it.
    List<AgentVersion> found =
        tx.sql(
                """
                select agent_id, version, name, config, created_at from agent_versions
                 where user_id = :user_id and agent_id = :agent_id
                 order by %s
                 limit :limit offset :offset
                """
                    .formatted(order))
            .param("user_id", user.value())
            .param("agent_id", agent.value())
            .param("limit", paging.limit() + 1)
            .param("offset", paging.offset())
            .query((row, _) -> version(row))
            .list();
    long total =
        tx.sql(
                "select count(*) from agent_versions where user_id = :user_id and agent_id = :agent_id")
            .param("user_id", user.value())
            .param("agent_id", agent.value())
            .query(Long.class)
            .single();
    var pairs = new java.util.ArrayList<Pair>();
    for (int i = 0; i < Math.min(paging.limit(), found.size()); i++) {
      pairs.add(new Pair(found.get(i), i + 1 < found.size() ? found.get(i + 1) : null));
    }
    return new Page<>(pairs, total);
  }

  private static AgentVersion version(ResultSet row) throws SQLException {
    return new AgentVersion(
        new AgentId(row.getObject("agent_id", UUID.class)),
        row.getInt("version"),
        row.getString("name"),
        ConfigRules.stored(row.getString("config")),
        row.getObject("created_at", OffsetDateTime.class).toInstant());
  }
}
