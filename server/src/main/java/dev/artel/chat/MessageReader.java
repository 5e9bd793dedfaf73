package dev.artel.chat;

import dev.artel.db.Tx;
import dev.artel.protocol.EventId;
import dev.artel.protocol.MessageId;
import dev.artel.protocol.MessageMode;
import dev.artel.protocol.MessageRole;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.UserId;
import dev.artel.runtime.Conversation.Spoken;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The SQL that reads messages.
final class MessageReader {
  /// Which messages of a session are wanted.
  ///
  /// @param before only those with a smaller ordinal
  record Filter(@Nullable MessageRole role, boolean superseded, @Nullable Long before) {
    static final Filter VISIBLE = new Filter(null, false, null);
  }

  private static final String LISTED =
      """
       where m.user_id = :user and m.session_id = :session
         and (:superseded or m.superseded_by is null)
         and (cast(:role as text) is null or m.role = :role)
         and (cast(:before as bigint) is null or m.ordinal < :before)
      """;

  /// The newest page, chronological inside.
  List<Message> page(Tx tx, UserId user, SessionId session, Filter filter, int limit, int offset) {
    return tx.sql(
            """
            select * from (
              select %s from messages m %s
               order by m.ordinal desc limit :limit offset :offset) m
             order by m.ordinal
            """
                .formatted(MessageRows.COLUMNS, LISTED))
        .param("user", user.value())
        .param("session", session.value())
        .param("superseded", filter.superseded())
        .param("role", filter.role() == null ? null : filter.role().word())
        .param("before", filter.before())
        .param("limit", limit)
        .param("offset", offset)
        .query(MessageRows::message)
        .list();
  }

  long count(Tx tx, UserId user, SessionId session, Filter filter) {
    return tx.sql("select count(*) from messages m " + LISTED)
        .param("user", user.value())
        .param("session", session.value())
        .param("superseded", filter.superseded())
        .param("role", filter.role() == null ? null : filter.role().word())
        .param("before", null)
        .query(Long.class)
        .single();
  }

  /// How many of the wanted messages lie behind that one.
  int countAfter(Tx tx, UserId user, SessionId session, long ordinal, Filter filter) {
    return tx.sql("select count(*) from messages m " + LISTED + " and m.ordinal > :ordinal")
        .param("user", user.value())
        .param("session", session.value())
        .param("ordinal", ordinal)
        .param("superseded", filter.superseded())
        .param("role", filter.role() == null ? null : filter.role().word())
        .param("before", null)
        .query(Integer.class)
        .single();
  }

  Optional<Message> find(Tx tx, UserId user, SessionId session, MessageId id) {
    return tx.sql(
            """
            select %s from messages m
             where m.user_id = :user and m.session_id = :session and m.id = :id
            """
                .formatted(MessageRows.COLUMNS))
        .param("user", user.value())
        .param("session", session.value())
        .param("id", id.value())
        .query(MessageRows::message)
        .optional();
  }

  /// A message and the project it belongs to.
  record Placed(ProjectId project, Message message) {}

  /// A message of whatever session.
  Optional<Placed> anywhere(Tx tx, UserId user, MessageId id) {
    return tx.sql(
            """
            select m.project_id, %s from messages m
             where m.user_id = :user and m.id = :id
            """
                .formatted(MessageRows.COLUMNS))
        .param("user", user.value())
        .param("id", id.value())
        .query((row, number) ->
            new Placed(
                new ProjectId(row.getObject("project_id", UUID.class)),
                MessageRows.message(row, number)))
        .optional();
  }

  /// The question that a task answers, in whatever session.
  Optional<Message> question(Tx tx, UserId user, TaskId task) {
    return tx.sql(
            """
            select %s from messages m
              join tasks t on t.user_id = m.user_id and t.message_id = m.id
             where t.user_id = :user and t.id = :task
            """
                .formatted(MessageRows.COLUMNS))
        .param("user", user.value())
        .param("task", task.value())
        .query(MessageRows::message)
        .optional();
  }

  /// The answer that a task stored.
  Optional<Message> answer(Tx tx, UserId user, TaskId task) {
    return tx.sql(
            """
            select %s from messages m
             where m.user_id = :user and m.task_id = :task and m.role = 'assistant'
            """
                .formatted(MessageRows.COLUMNS))
        .param("user", user.value())
        .param("task", task.value())
        .query(MessageRows::message)
        .optional();
  }

  /// The newest question of a session that is not superseded, and how long ago it came, in seconds.
  record Latest(Message message, double endedSecondsAgo) {}

  Optional<Latest> latestQuestion(Tx tx, UserId user, SessionId session) {
    return tx.sql(
            """
            select %s,
                   coalesce(extract(epoch from artel_now() - t.completed_at), 1e9) as ended_ago
              from messages m
              left join tasks t on t.user_id = m.user_id and t.id = m.task_id
             where m.user_id = :user and m.session_id = :session and m.role = 'user'
               and m.superseded_by is null
             order by m.ordinal desc
             limit 1
            """
                .formatted(MessageRows.COLUMNS))
        .param("user", user.value())
        .param("session", session.value())
        .query((row, number) ->
            new Latest(MessageRows.message(row, number), row.getDouble("ended_ago")))
        .optional();
  }

  /// The questions that run or wait, in order.
  List<Message> open(Tx tx, UserId user, SessionId session) {
    return tx.sql(
            """
            select %s from messages m
             where m.user_id = :user and m.session_id = :session and m.role = 'user'
               and m.status in ('queued', 'processing')
             order by m.ordinal
            """
                .formatted(MessageRows.COLUMNS))
        .param("user", user.value())
        .param("session", session.value())
        .query(MessageRows::message)
        .list();
  }

  /// What was said in the turns before that question, oldest first, at most so many messages. An
  /// answer stands behind its own question, wherever it was stored.
  List<Spoken> history(Tx tx, UserId user, SessionId session, long beforeOrdinal, int limit) {
    return tx.sql(
            """
            select role, content from (
              select m.role, m.content, m.ordinal,
                     coalesce((select q.ordinal from messages q
                                where q.user_id = m.user_id and q.id = m.user_message_id),
                              m.ordinal) as turn
                from messages m
               where m.user_id = :user and m.session_id = :session and m.superseded_by is null
                 and m.status not in ('queued', 'processing') and m.content <> ''
            ) said
             where turn < :before
             order by turn desc, ordinal desc
             limit :limit
            """)
        .param("user", user.value())
        .param("session", session.value())
        .param("before", beforeOrdinal)
        .param("limit", limit)
        .query((row, _) ->
            new Spoken(
                row.getString("role").equals("assistant")
                    ? MessageRole.ASSISTANT
                    : MessageRole.USER,
                row.getString("content")))
        .list()
        .reversed();
  }

  /// Where a message stands: a turn is its question and what answers it.
  ForkStore.Turn turn(Tx tx, UserId user, Message message) {
    MessageId question = message.userMessage();
    long ordinal =
        question == null
            ? message.ordinal()
            : find(tx, user, message.session(), question).map(Message::ordinal).orElse(0L);
    return new ForkStore.Turn(ordinal, message.ordinal());
  }

  /// The text so far of an answer, as it was last kept.
  record KeptDraft(MessageId message, String content) {}

  Optional<KeptDraft> draft(Tx tx, UserId user, SessionId session, TaskId task) {
    return tx.sql(
            """
            select message_id, content from message_drafts
             where user_id = :user and session_id = :session and task_id = :task
            """)
        .param("user", user.value())
        .param("session", session.value())
        .param("task", task.value())
        .query((row, _) ->
            new KeptDraft(
                new MessageId(row.getObject("message_id", UUID.class)), row.getString("content")))
        .optional();
  }

  /// The newest event of the project, as this transaction sees the log.
  Optional<EventId> newestEvent(Tx tx, UserId user, ProjectId project) {
    return tx.sql(
            """
            select event_id from event_logs
             where user_id = :user and project_id = :project
             order by project_seq desc
             limit 1
            """)
        .param("user", user.value())
        .param("project", project.value())
        .query(UUID.class)
        .optional()
        .map(EventId::new);
  }

  /// Direct and orchestrated answers of a project, and how long they took.
  record ModeStats(MessageMode mode, long count, @Nullable Double averageMillis) {}

  List<ModeStats> stats(Tx tx, UserId user, ProjectId project) {
    return tx.sql(
            """
            select mode, count(*) as answers, avg((latency ->> 'total_ms')::float8) as average
              from messages
             where user_id = :user and project_id = :project and role = 'assistant'
             group by mode
            """)
        .param("user", user.value())
        .param("project", project.value())
        .query((row, _) ->
            new ModeStats(
                MessageMode.valueOf(MessageRows.upper(row.getString("mode"))),
                row.getLong("answers"),
                row.getObject("average", Double.class)))
        .list();
  }
}
