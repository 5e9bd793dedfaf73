package dev.artel.event;

import dev.artel.db.Tx;
import dev.artel.protocol.EventId;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.UserId;
import dev.artel.protocol.WireCodec;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/// Reads the log by number.
final class EventStore {
  private static final Logger log = LoggerFactory.getLogger(EventStore.class);

  /// No shorter payload makes a line that is too long, whatever its characters.
  private static final int LONG_PAYLOAD_CHARS = 2_000;

  /// The newest committed number of the project's feed; 0 before the first event.
  long head(Tx tx, UserId user, ProjectId project) {
    return tx.sql(
            """
            select next - 1 from event_heads
             where user_id = :user and project_id = :project and session_id is null
            """)
        .param("user", user.value())
        .param("project", project.value())
        .query(Long.class)
        .optional()
        .orElse(0L);
  }

  /// The id of the newest event up to that number.
  Optional<EventId> idUpTo(Tx tx, UserId user, ProjectId project, long number) {
    return tx.sql(
            """
            select event_id from event_logs
             where user_id = :user and project_id = :project and project_seq <= :number
             order by project_seq desc
             limit 1
            """)
        .param("user", user.value())
        .param("project", project.value())
        .param("number", number)
        .query(UUID.class)
        .optional()
        .map(EventId::new);
  }

  /// The number of an event of the project.
  Optional<Long> number(Tx tx, UserId user, ProjectId project, EventId event) {
    return tx.sql(
            """
            select project_seq from event_logs
             where user_id = :user and event_id = :event and project_id = :project
            """)
        .param("user", user.value())
        .param("event", event.value())
        .param("project", project.value())
        .query(Long.class)
        .optional();
  }

  /// The number of the first event of that time or later.
  Optional<Long> firstSince(Tx tx, UserId user, ProjectId project, Instant time) {
    return tx.sql(
            """
            select project_seq from event_logs
             where user_id = :user and project_id = :project and created_at >= :time
             order by created_at, project_seq
             limit 1
            """)
        .param("user", user.value())
        .param("project", project.value())
        .param("time", time.atOffset(ZoneOffset.UTC))
        .query(Long.class)
        .optional();
  }

  /// The oldest event that is still held.
  Optional<EventId> oldest(Tx tx, UserId user, ProjectId project, @Nullable SessionId session) {
    return tx.sql(
            """
            select event_id from event_logs
             where user_id = :user and project_id = :project
               and (cast(:session as uuid) is null or session_id = :session)
             order by project_seq
             limit 1
            """)
        .param("user", user.value())
        .param("project", project.value())
        .param("session", session == null ? null : session.value())
        .query(UUID.class)
        .optional()
        .map(EventId::new);
  }

  /// Events of the project, or of one session, with `after < number <= upTo`, in order.
  List<Line> page(
      Tx tx,
      UserId user,
      ProjectId project,
      @Nullable SessionId session,
      long after,
      long upTo,
      int limit) {
    return tx.sql(
            session == null
                ? """
                select event_id, session_id, event_type, payload, payload->>'task_id' as task_id,
                       seq, project_seq, created_at
                  from event_logs
                 where user_id = :user and project_id = :project
                   and project_seq > :after and project_seq <= :up_to
                 order by project_seq
                 limit :limit
                """
                : """
                select event_id, session_id, event_type, payload, payload->>'task_id' as task_id,
                       seq, project_seq, created_at
                  from event_logs
                 where user_id = :user and session_id = :session and project_id = :project
                   and project_seq > :after and project_seq <= :up_to
                 order by project_seq
                 limit :limit
                """)
        .param("user", user.value())
        .param("project", project.value())
        .param("session", session == null ? null : session.value())
        .param("after", after)
        .param("up_to", upTo)
        .param("limit", limit)
        .query((row, _) -> line(row, user, project))
        .list();
  }

  /// One event of the user with its project, to be passed on again; empty when it is gone.
  Optional<Found> find(Tx tx, UserId user, EventId event) {
    return tx.sql(
            """
            select event_id, project_id, session_id, event_type, payload,
                   payload->>'task_id' as task_id, seq, project_seq, created_at
              from event_logs
             where user_id = :user and event_id = :event
            """)
        .param("user", user.value())
        .param("event", event.value())
        .query((row, _) -> {
          var project = new ProjectId(row.getObject("project_id", UUID.class));
          return new Found(project, line(row, user, project));
        })
        .optional();
  }

  record Found(ProjectId project, Line line) {}

  private static Line line(ResultSet row, UserId user, ProjectId project) throws SQLException {
    UUID session = row.getObject("session_id", UUID.class);
    String task = row.getString("task_id");
    var id = new EventId(row.getObject("event_id", UUID.class));
    return Encoder.logged(
        new Encoder.Envelope(
            id,
            row.getString("event_type"),
            user,
            project,
            session == null ? null : new SessionId(session),
            task == null ? null : new TaskId(UUID.fromString(task)),
            row.getObject("seq", Long.class),
            row.getLong("project_seq"),
            row.getObject("created_at", OffsetDateTime.class).toInstant(),
            compact(id, row.getString("payload"))));
  }

  /// jsonb comes back with blanks between its tokens, which a long line cannot afford: with them it
  /// might become a stub that it was not when it was new.
  private static String compact(EventId id, String payload) {
    if (payload.length() < LONG_PAYLOAD_CHARS) {
      return payload;
    }
    try {
      return WireCodec.json().readTree(payload).toString();
    } catch (JacksonException unreadable) {
      log.error("event {} has a payload that cannot be read: {}", id, unreadable.toString());
      return payload;
    }
  }
}
