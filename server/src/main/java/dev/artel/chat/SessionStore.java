package dev.artel.chat;

import dev.artel.db.Tx;
import dev.artel.http.Paging;
import dev.artel.protocol.MessageId;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The SQL of sessions.
final class SessionStore {
  private static final String COLUMNS =
      """
      s.id, s.project_id, s.title, s.title_set, s.pinned, s.archived, s.forked_from_session,
      s.forked_from_message, s.created_at, s.updated_at, m.message_count, m.queued_count,
      m.running_count, m.last_message_at,
      (select left(a.content, 120) from messages a
        where a.user_id = s.user_id and a.session_id = s.id and a.role = 'assistant'
          and a.superseded_by is null
        order by a.ordinal desc limit 1) as preview,
      exists (select 1 from tasks t
               where t.user_id = s.user_id and t.session_id = s.id
                 and t.status in ('awaiting_approval', 'awaiting_runner')) as waits
      """;

  private static final String COUNTS =
      """
      cross join lateral
        (select count(*) filter (where superseded_by is null) as message_count,
                count(*) filter (where status = 'queued') as queued_count,
                count(*) filter (where status = 'processing') as running_count,
                max(created_at) as last_message_at
           from messages
          where user_id = s.user_id and session_id = s.id) m
      """;

  void insert(
      Tx tx,
      UserId user,
      SessionId id,
      ProjectId project,
      @Nullable String title,
      @Nullable SessionId forkedFrom,
      @Nullable MessageId forkedAt) {
    tx.sql(
            """
            insert into chat_sessions (id, user_id, project_id, title, title_set,
                                       forked_from_session, forked_from_message)
            values (:id, :user, :project, :title, :title_set, :forked_from, :forked_at)
            """)
        .param("id", id.value())
        .param("user", user.value())
        .param("project", project.value())
        .param("title", title)
        .param("title_set", title != null)
        .param("forked_from", forkedFrom == null ? null : forkedFrom.value())
        .param("forked_at", forkedAt == null ? null : forkedAt.value())
        .update();
  }

  Optional<Session> find(Tx tx, UserId user, ProjectId project, SessionId id) {
    return tx.sql(
            """
            select %s from chat_sessions s %s
             where s.user_id = :user and s.project_id = :project and s.id = :id
            """
                .formatted(COLUMNS, COUNTS))
        .param("user", user.value())
        .param("project", project.value())
        .param("id", id.value())
        .query(SessionStore::session)
        .optional();
  }

  /// A session of whatever project.
  Optional<Session> anywhere(Tx tx, UserId user, SessionId id) {
    return tx.sql(
            "select %s from chat_sessions s %s where s.user_id = :user and s.id = :id"
                .formatted(COLUMNS, COUNTS))
        .param("user", user.value())
        .param("id", id.value())
        .query(SessionStore::session)
        .optional();
  }

  boolean exists(Tx tx, UserId user, ProjectId project, SessionId id) {
    return tx.sql(
            """
            select 1 from chat_sessions
             where user_id = :user and project_id = :project and id = :id
            """)
        .param("user", user.value())
        .param("project", project.value())
        .param("id", id.value())
        .query(Integer.class)
        .optional()
        .isPresent();
  }

  /// A session that this transaction holds: nobody else adds, moves or drops its messages
  /// meanwhile.
  record Held(
      SessionId id,
      ProjectId project,
      @Nullable String title,
      boolean titleSet,
      boolean pinned,
      boolean archived) {}

  Optional<Held> hold(Tx tx, UserId user, ProjectId project, SessionId id) {
    return tx.sql(
            """
            select id, project_id, title, title_set, pinned, archived from chat_sessions
             where user_id = :user and project_id = :project and id = :id
               for no key update
            """)
        .param("user", user.value())
        .param("project", project.value())
        .param("id", id.value())
        .query((row, _) ->
            new Held(
                new SessionId(row.getObject("id", UUID.class)),
                new ProjectId(row.getObject("project_id", UUID.class)),
                row.getString("title"),
                row.getBoolean("title_set"),
                row.getBoolean("pinned"),
                row.getBoolean("archived")))
        .optional();
  }

  /// Holds a session of whatever project, when it still exists.
  void hold(Tx tx, UserId user, SessionId id) {
    tx.sql(
            """
            select 1 from chat_sessions where user_id = :user and id = :id
               for no key update
            """)
        .param("user", user.value())
        .param("id", id.value())
        .query(row -> {});
  }

  /// @param title part of the title, ignoring letter case
  record Filter(@Nullable String title, @Nullable Boolean pinned, boolean archived) {}

  private static final String LISTED =
      """
       where s.user_id = :user and s.project_id = :project and s.archived = :archived
         and (cast(:pinned as boolean) is null or s.pinned = :pinned)
         and (cast(:title as text) is null or s.title ilike '%' || :title || '%' escape '\\')
      """;

  List<Session> list(Tx tx, UserId user, ProjectId project, Filter filter, Paging paging) {
    return tx.sql(
            "select %s from chat_sessions s %s %s order by %s limit :limit offset :offset"
                .formatted(
                    COLUMNS,
                    COUNTS,
                    LISTED,
                    paging.orderBy(
                        List.of("created_at", "updated_at", "title"),
                        "s.pinned desc, s.updated_at desc, s.id")))
        .param("user", user.value())
        .param("project", project.value())
        .param("archived", filter.archived())
        .param("pinned", filter.pinned())
        .param("title", escaped(filter.title()))
        .param("limit", paging.limit())
        .param("offset", paging.offset())
        .query(SessionStore::session)
        .list();
  }

  long count(Tx tx, UserId user, ProjectId project, Filter filter) {
    return tx.sql("select count(*) from chat_sessions s " + LISTED)
        .param("user", user.value())
        .param("project", project.value())
        .param("archived", filter.archived())
        .param("pinned", filter.pinned())
        .param("title", escaped(filter.title()))
        .query(Long.class)
        .single();
  }

  private static @Nullable String escaped(@Nullable String pattern) {
    return pattern == null
        ? null
        : pattern.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
  }

  void update(
      Tx tx,
      UserId user,
      SessionId id,
      @Nullable String title,
      boolean titleSet,
      boolean pinned,
      boolean archived) {
    tx.sql(
            """
            update chat_sessions
               set title = :title, title_set = :title_set, pinned = :pinned, archived = :archived,
                   updated_at = artel_now()
             where user_id = :user and id = :id
            """)
        .param("user", user.value())
        .param("id", id.value())
        .param("title", title)
        .param("title_set", titleSet)
        .param("pinned", pinned)
        .param("archived", archived)
        .update();
  }

  void touch(Tx tx, UserId user, SessionId id) {
    tx.sql("update chat_sessions set updated_at = artel_now() where user_id = :user and id = :id")
        .param("user", user.value())
        .param("id", id.value())
        .update();
  }

  boolean delete(Tx tx, UserId user, ProjectId project, SessionId id) {
    return tx.sql(
                """
                delete from chat_sessions
                 where user_id = :user and project_id = :project and id = :id
                """)
            .param("user", user.value())
            .param("project", project.value())
            .param("id", id.value())
            .update()
        == 1;
  }

  private static Session session(ResultSet row, int number) throws SQLException {
    UUID forkedFrom = row.getObject("forked_from_session", UUID.class);
    UUID forkedAt = row.getObject("forked_from_message", UUID.class);
    return new Session(
        new SessionId(row.getObject("id", UUID.class)),
        new ProjectId(row.getObject("project_id", UUID.class)),
        row.getString("title"),
        row.getBoolean("title_set"),
        row.getBoolean("pinned"),
        row.getBoolean("archived"),
        forkedFrom == null ? null : new SessionId(forkedFrom),
        forkedAt == null ? null : new MessageId(forkedAt),
        time(row, "created_at"),
        time(row, "updated_at"),
        row.getLong("message_count"),
        row.getInt("queued_count"),
        row.getBoolean("waits")
            ? Session.State.WAITING
            : row.getInt("running_count") > 0 || row.getInt("queued_count") > 0
                ? Session.State.RUNNING
                : Session.State.IDLE,
        row.getString("preview"),
        optionalTime(row, "last_message_at"));
  }

  static Instant time(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  private static @Nullable Instant optionalTime(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
