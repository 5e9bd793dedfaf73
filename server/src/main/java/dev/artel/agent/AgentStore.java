package dev.artel.agent;

import dev.artel.db.Tx;
import dev.artel.http.Page;
import dev.artel.http.Paging;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.AgentStatus;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.UserId;
import dev.artel.protocol.WireCodec;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/// The rows of agents as they are now.
final class AgentStore {
  private static final List<String> SORTABLE =
      List.of("name", "status", "version", "created_at", "updated_at");

  /// Makes everything that decides about names in one project happen one after another. False when
  /// the project is gone.
  boolean lockProject(Tx tx, UserId user, ProjectId project) {
    return tx.sql(
            "select id from user_projects where user_id = :user_id and id = :id for no key update")
        .param("user_id", user.value())
        .param("id", project.value())
        .query(UUID.class)
        .optional()
        .isPresent();
  }

  Agent insert(Tx tx, UserId user, ProjectId project, AgentId id, String name, AgentConfig config) {
    return tx.sql(
            """
            insert into user_agents (id, user_id, project_id, name, name_key, config)
            values (:id, :user_id, :project_id, :name, :name_key, cast(:config as jsonb))
            returning *
            """)
        .param("id", id.value())
        .param("user_id", user.value())
        .param("project_id", project.value())
        .param("name", name)
        .param("name_key", AgentNames.key(name))
        .param("config", WireCodec.json().writeValueAsString(config))
        .query((row, _) -> agent(row))
        .single();
  }

  Optional<Agent> byId(Tx tx, UserId user, ProjectId project, AgentId id) {
    return tx.sql(
            """
            select * from user_agents
             where user_id = :user_id and id = :id and project_id = :project_id
            """)
        .param("user_id", user.value())
        .param("id", id.value())
        .param("project_id", project.value())
        .query((row, _) -> agent(row))
        .optional();
  }

  Optional<Agent> byId(Tx tx, UserId user, AgentId id) {
    return tx.sql("select * from user_agents where user_id = :user_id and id = :id")
        .param("user_id", user.value())
        .param("id", id.value())
        .query((row, _) -> agent(row))
        .optional();
  }

  Optional<Agent> byName(Tx tx, UserId user, ProjectId project, String name) {
    return tx.sql(
            """
            select * from user_agents
             where user_id = :user_id and project_id = :project_id and name_key = :name_key
            """)
        .param("user_id", user.value())
        .param("project_id", project.value())
        .param("name_key", AgentNames.key(name))
        .query((row, _) -> agent(row))
        .optional();
  }

  /// The agent that had this name once, best in just this version; the one that had it last when
  /// several had.
  Optional<Agent> byOldName(Tx tx, UserId user, ProjectId project, AgentNames.NameAtVersion old) {
    return tx.sql(
            """
            select a.*
              from user_agents a
              join agent_versions v on v.user_id = a.user_id and v.agent_id = a.id
             where a.user_id = :user_id and a.project_id = :project_id
               and v.name_key = :name_key and a.version >= :version
             order by v.version = :version desc, v.created_at desc, a.id
             limit 1
            """)
        .param("user_id", user.value())
        .param("project_id", project.value())
        .param("name_key", AgentNames.key(old.name()))
        .param("version", old.version())
        .query((row, _) -> agent(row))
        .optional();
  }

  /// Locks an agent's row to the end of the transaction and reads it anew.
  Optional<Agent> lock(Tx tx, UserId user, AgentId id) {
    return tx.sql(
            "select * from user_agents where user_id = :user_id and id = :id for no key update")
        .param("user_id", user.value())
        .param("id", id.value())
        .query((row, _) -> agent(row))
        .optional();
  }

  Page<Agent> list(Tx tx, UserId user, ProjectId project, AgentFilter filter, Paging paging) {
    String matching =
        """
          from user_agents
         where user_id = :user_id and project_id = :project_id
           and (cast(:status as text) is null or status = :status)
           and (cast(:role as text) is null
                or coalesce(config -> 'metadata' ->> 'role', 'custom') = :role)
           and (cast(:name as text) is null or position(cast(:name as text) in name_key) > 0)
        """;
    var status = filter.status();
    var role = filter.role();
    var name = filter.name();
    List<Agent> agents =
        tx.sql(
                "select *%s order by %s limit :limit offset :offset"
                    .formatted(matching, paging.orderBy(SORTABLE, "created_at, id")))
            .param("user_id", user.value())
            .param("project_id", project.value())
            .param("status", status == null ? null : status.word())
            .param("role", role == null ? null : role.word())
            .param("name", name == null ? null : AgentNames.key(name))
            .param("limit", paging.limit())
            .param("offset", paging.offset())
            .query((row, _) -> agent(row))
            .list();
    long total =
        tx.sql("select count(*)" + matching)
            .param("user_id", user.value())
            .param("project_id", project.value())
            .param("status", status == null ? null : status.word())
            .param("role", role == null ? null : role.word())
            .param("name", name == null ? null : AgentNames.key(name))
            .query(Long.class)
            .single();
    return new Page<>(agents, total);
  }

  List<Agent> all(Tx tx, UserId user, ProjectId project) {
    return tx.sql(
            """
            select * from user_agents
             where user_id = :user_id and project_id = :project_id
             order by created_at, id
            """)
        .param("user_id", user.value())
        .param("project_id", project.value())
        .query((row, _) -> agent(row))
        .list();
  }

  Agent update(Tx tx, UserId user, AgentId id, String name, AgentConfig config) {
    return tx.sql(
            """
            update user_agents
               set name = :name, name_key = :name_key, config = cast(:config as jsonb),
                   version = version + 1, updated_at = artel_now()
             where user_id = :user_id and id = :id
            returning *
            """)
        .param("user_id", user.value())
        .param("id", id.value())
        .param("name", name)
        .param("name_key", AgentNames.key(name))
        .param("config", WireCodec.json().writeValueAsString(config))
        .query((row, _) -> agent(row))
        .single();
  }

  boolean sessionExists(Tx tx, UserId user, ProjectId project, UUID session) {
    return tx.sql(
            """
            select exists (select from chat_sessions
                            where user_id = :user_id and id = :id and project_id = :project_id)
            """)
        .param("user_id", user.value())
        .param("id", session)
        .param("project_id", project.value())
        .query(Boolean.class)
        .single();
  }

  void delete(Tx tx, UserId user, AgentId id) {
    tx.sql("delete from user_agents where user_id = :user_id and id = :id")
        .param("user_id", user.value())
        .param("id", id.value())
        .update();
  }

  private static Agent agent(ResultSet row) throws SQLException {
    return new Agent(
        new AgentId(row.getObject("id", UUID.class)),
        new UserId(row.getObject("user_id", UUID.class)),
        new ProjectId(row.getObject("project_id", UUID.class)),
        row.getString("name"),
        row.getString("agent_id"),
        ConfigRules.stored(row.getString("config")),
        AgentStatus.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
        row.getInt("version"),
        row.getString("last_error"),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        row.getObject("updated_at", OffsetDateTime.class).toInstant());
  }
}
