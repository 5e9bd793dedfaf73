package dev.artel.event;

import dev.artel.base.Fault;
import dev.artel.db.Db;
import dev.artel.http.Page;
import dev.artel.http.Paging;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.ErrorCode;
import dev.artel.protocol.EventId;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.UserId;
import dev.artel.protocol.WireCodec;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import tools.jackson.core.type.TypeReference;

/// The reading side of the log for those who want pages, not streams. Blocks; safe for use by many
/// threads.
public final class EventHistory {
  private static final TypeReference<LinkedHashMap<String, Object>> OBJECT =
      new TypeReference<>() {};

  private static final String MATCHING =
      """
        from event_logs
       where user_id = :user_id and project_id = :project_id
         and (cast(:types as text[]) is null or event_type = any(cast(:types as text[])))
         and (cast(:session_id as uuid) is null or session_id = cast(:session_id as uuid))
         and (cast(:agent_id as uuid) is null or agent_id = cast(:agent_id as uuid))
         and (cast(:from as timestamptz) is null or created_at >= cast(:from as timestamptz))
         and (cast(:until as timestamptz) is null or created_at < cast(:until as timestamptz))
         and (cast(:after as bigint) is null or project_seq > cast(:after as bigint))
         and (cast(:before as bigint) is null or project_seq < cast(:before as bigint))
      """;

  private final Db db;

  public EventHistory(Db db) {
    this.db = db;
  }

  /// A page of a project's events; with a cursor, what follows it whatever was written meanwhile.
  public Page<EventItem> page(UserId user, ProjectId project, EventQuery query, Paging paging) {
    Long passed = position(paging.cursor());
    return db.read(
        user,
        tx -> {
          String order = query.oldestFirst() ? "asc" : "desc";
          String beyond =
              passed == null
                  ? ""
                  : "and project_seq " + (query.oldestFirst() ? ">" : "<") + " :passed";
          StatementSpec statement =
              bound(
                      tx.sql(
                          """
                          select event_id, event_type, payload, session_id, agent_id, project_id,
                                 seq, project_seq, created_at
                          %s %s
                           order by project_seq %s
                           limit :limit offset :offset
                          """
                              .formatted(MATCHING, beyond, order)),
                      user,
                      project,
                      query)
                  .param("limit", paging.limit() + 1)
                  .param("offset", passed == null ? paging.offset() : 0);
          if (passed != null) {
            statement = statement.param("passed", passed);
          }
          List<EventItem> found = statement.query((row, _) -> item(user, row)).list();
          long total =
              bound(tx.sql("select count(*) " + MATCHING), user, project, query)
                  .query(Long.class)
                  .single();
          boolean more = found.size() > paging.limit();
          List<EventItem> items = more ? found.subList(0, paging.limit()) : found;
          return new Page<>(items, total, more ? cursor(items.getLast().projectSeq()) : null);
        });
  }

  /// One event, whole; empty when it is not in this project of this user.
  public Optional<EventItem> find(UserId user, ProjectId project, EventId id) {
    return db.read(
        user,
        tx ->
            tx.sql(
                    """
                    select event_id, event_type, payload, session_id, agent_id, project_id, seq,
                           project_seq, created_at
                      from event_logs
                     where user_id = :user_id and event_id = :event_id and project_id = :project_id
                    """)
                .param("user_id", user.value())
                .param("event_id", id.value())
                .param("project_id", project.value())
                .query((row, _) -> item(user, row))
                .optional());
  }

  private static StatementSpec bound(
      StatementSpec statement, UserId user, ProjectId project, EventQuery query) {
    return statement
        .param("user_id", user.value())
        .param("project_id", project.value())
        .param("types", query.types().isEmpty() ? null : query.types().toArray(String[]::new))
        .param("session_id", query.session() == null ? null : query.session().value())
        .param("agent_id", query.agent() == null ? null : query.agent().value())
        .param("from", time(query.from()))
        .param("until", time(query.until()))
        .param("after", query.after())
        .param("before", query.before());
  }

  private static @Nullable OffsetDateTime time(@Nullable Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }

  private static EventItem item(UserId user, ResultSet row) throws SQLException {
    var id = new EventId(row.getObject("event_id", UUID.class));
    var project = new ProjectId(row.getObject("project_id", UUID.class));
    UUID session = row.getObject("session_id", UUID.class);
    UUID agent = row.getObject("agent_id", UUID.class);
    Instant at = row.getObject("created_at", OffsetDateTime.class).toInstant();
    Map<String, Object> payload = new LinkedHashMap<>();
    payload.put("event_id", id.toString());
    payload.put("session_id", session == null ? null : session.toString());
    payload.put("project_id", project.toString());
    payload.put("user_id", user.toString());
    payload.put("timestamp", at.toString());
    payload.putAll(WireCodec.json().readValue(row.getString("payload"), OBJECT));
    return new EventItem(
        id,
        row.getString("event_type"),
        payload,
        session == null ? null : new SessionId(session),
        agent == null ? null : new AgentId(agent),
        project,
        row.getObject("seq", Long.class),
        row.getLong("project_seq"),
        at);
  }

  private static String cursor(long projectSeq) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(Long.toString(projectSeq).getBytes(StandardCharsets.US_ASCII));
  }

  private static @Nullable Long position(@Nullable String cursor) {
    if (cursor == null) {
      return null;
    }
    try {
      return Long.valueOf(
          new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.US_ASCII));
    } catch (IllegalArgumentException malformed) {
      throw Fault.of(
          ErrorCode.BAD_REQUEST, "cursor must be a next_cursor of this list.", malformed);
    }
  }
}
