package dev.artel.bus;

import dev.artel.db.Tx;
import dev.artel.http.Paging;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.MessageId;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.TaskKind;
import dev.artel.protocol.TaskStatus;
import dev.artel.protocol.UserId;
import dev.artel.protocol.WireCodec;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.type.TypeReference;

/// Reads tasks as their user sees them.
final class TaskReader {
  private static final List<String> SORTABLE =
      List.of("created_at", "started_at", "completed_at", "status");
  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

  private static final String COLUMNS =
      """
      t.id, t.session_id, t.agent_id, t.agent_version, t.kind, t.message_id, t.status,
      t.waiting_on, t.attempts, t.priority, t.depends_on, t.steps_done, t.retry_of, t.usage,
      t.result, t.error, t.error_type, t.created_at, t.started_at, t.completed_at, t.deadline_at,
      case when t.status = 'queued' then
        (select count(*) + 1 from tasks q
          where q.user_id = t.user_id and q.agent_id = t.agent_id and q.status = 'queued'
            and (-q.priority, q.run_after, q.id) < (-t.priority, t.run_after, t.id))
      end as queue_position
      """;

  /// Which tasks of a project are wanted; null: whatever.
  record Filter(
      @Nullable TaskStatus status, @Nullable SessionId session, @Nullable AgentId agent) {}

  record Page(List<TaskResponse> tasks, long total) {}

  Page list(Tx tx, UserId user, ProjectId project, Filter filter, Paging paging) {
    long total =
        filtered(
                tx,
                """
                select count(*) from tasks t
                 where t.user_id = :user and t.project_id = :project
                   and (cast(:status as text) is null or t.status = :status)
                   and (cast(:session as uuid) is null or t.session_id = :session)
                   and (cast(:agent as uuid) is null or t.agent_id = :agent)
                """,
                user,
                project,
                filter)
            .query(Long.class)
            .single();
    List<TaskResponse> tasks =
        filtered(
                tx,
                """
                select %s from tasks t
                 where t.user_id = :user and t.project_id = :project
                   and (cast(:status as text) is null or t.status = :status)
                   and (cast(:session as uuid) is null or t.session_id = :session)
                   and (cast(:agent as uuid) is null or t.agent_id = :agent)
                 order by %s limit :limit offset :offset
                """
                    .formatted(COLUMNS, paging.orderBy(SORTABLE, "created_at desc, id desc")),
                user,
                project,
                filter)
            .param("limit", paging.limit())
            .param("offset", paging.offset())
            .query((row, _) -> task(row))
            .list();
    return new Page(tasks, total);
  }

  private static JdbcClient.StatementSpec filtered(
      Tx tx, String sql, UserId user, ProjectId project, Filter filter) {
    return tx.sql(sql)
        .param("user", user.value())
        .param("project", project.value())
        .param("status", filter.status() == null ? null : filter.status().word())
        .param("session", filter.session() == null ? null : filter.session().value())
        .param("agent", filter.agent() == null ? null : filter.agent().value());
  }

  /// @param project null: whichever of the user's
  Optional<TaskResponse> find(Tx tx, UserId user, @Nullable ProjectId project, TaskId task) {
    return tx.sql(
            """
            select %s from tasks t
             where t.user_id = :user and t.id = :task
               and (cast(:project as uuid) is null or t.project_id = :project)
            """
                .formatted(COLUMNS))
        .param("user", user.value())
        .param("task", task.value())
        .param("project", project == null ? null : project.value())
        .query((row, _) -> task(row))
        .optional();
  }

  Optional<TaskRef> ref(Tx tx, UserId user, TaskId task) {
    return tx.sql(
            """
            select id, project_id, session_id, agent_id, kind, message_id from tasks
             where user_id = :user and id = :task
            """)
        .param("user", user.value())
        .param("task", task.value())
        .query((row, _) ->
            new TaskRef(
                new TaskId(row.getObject("id", UUID.class)),
                new ProjectId(row.getObject("project_id", UUID.class)),
                id(row, "session_id", SessionId::new),
                new AgentId(row.getObject("agent_id", UUID.class)),
                kind(row),
                id(row, "message_id", MessageId::new)))
        .optional();
  }

  private static TaskKind kind(ResultSet row) throws SQLException {
    return TaskKind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT));
  }

  private static <T> @Nullable T id(ResultSet row, String column, Function<UUID, T> of)
      throws SQLException {
    UUID id = row.getObject(column, UUID.class);
    return id == null ? null : of.apply(id);
  }

  private static TaskResponse task(ResultSet row) throws SQLException {
    int position = row.getInt("queue_position");
    boolean queued = !row.wasNull();
    String usage = row.getString("usage");
    String result = row.getString("result");
    return new TaskResponse(
        new TaskId(row.getObject("id", UUID.class)),
        id(row, "session_id", SessionId::new),
        new AgentId(row.getObject("agent_id", UUID.class)),
        row.getInt("agent_version"),
        kind(row),
        id(row, "message_id", MessageId::new),
        null,
        null,
        TaskStore.status(row.getString("status")),
        row.getString("waiting_on"),
        null,
        row.getInt("attempts"),
        row.getInt("priority"),
        tasks(row.getArray("depends_on")),
        queued ? position : null,
        row.getInt("steps_done"),
        id(row, "retry_of", TaskId::new),
        usage == null ? null : WireCodec.json().readValue(usage, dev.artel.protocol.Usage.class),
        result == null ? null : WireCodec.json().readValue(result, OBJECT),
        row.getString("error"),
        row.getString("error_type"),
        time(row, "created_at"),
        nullableTime(row, "started_at"),
        nullableTime(row, "completed_at"),
        nullableTime(row, "deadline_at"));
  }

  private static List<TaskId> tasks(Array array) throws SQLException {
    return Stream.of((UUID[]) array.getArray()).map(TaskId::new).toList();
  }

  private static Instant time(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  private static @Nullable Instant nullableTime(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
