package dev.artel.chat;

import dev.artel.db.Tx;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.MessageId;
import dev.artel.protocol.MessageStatus;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.UserId;
import dev.artel.protocol.WireCodec;
import dev.artel.runtime.Answer;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The SQL that changes messages. Everything that adds to a session runs while the session is held.
final class MessageStore {
  /// A question to store.
  record Question(
      MessageId id,
      ProjectId project,
      SessionId session,
      String content,
      AgentId agent,
      String agentName,
      @Nullable String targetAgent,
      @Nullable MessageId editedFrom,
      @Nullable String clientRef) {}

  private static final String NEXT_ORDINAL =
      """
      (select coalesce(max(ordinal), 0) + 1 from messages
        where user_id = :user and session_id = :session)
      """;

  void insertQuestion(Tx tx, UserId user, Question question) {
    tx.sql(
            """
            insert into messages (id, user_id, project_id, session_id, ordinal, role, content,
                                  agent_id, agent_name, target_agent, mode, status, edited_from,
                                  client_ref)
            values (:id, :user, :project, :session, %s, 'user', :content, :agent, :agent_name,
                    :target_agent, 'direct', 'queued', :edited_from, :client_ref)
            """
                .formatted(NEXT_ORDINAL))
        .param("id", question.id().value())
        .param("user", user.value())
        .param("project", question.project().value())
        .param("session", question.session().value())
        .param("content", question.content())
        .param("agent", question.agent().value())
        .param("agent_name", question.agentName())
        .param("target_agent", question.targetAgent())
        .param("edited_from", value(question.editedFrom()))
        .param("client_ref", question.clientRef())
        .update();
  }

  /// Stores what an agent said. An answer to a question that was superseded meanwhile is superseded
  /// with it.
  void insertAnswer(
      Tx tx,
      UserId user,
      ProjectId project,
      SessionId session,
      MessageId id,
      MessageId question,
      TaskId task,
      MessageStatus status,
      Answer answer,
      @Nullable MessageId supersededBy) {
    tx.sql(
            """
            insert into messages (id, user_id, project_id, session_id, ordinal, role, content,
                                  payload, agent_id, agent_name, mode, status, task_id,
                                  user_message_id, superseded_by, provider, model, demo, usage,
                                  latency, finish_reason, context_used, attempt)
            values (:id, :user, :project, :session, %s, 'assistant', :content, :payload::jsonb,
                    :agent, :agent_name, 'direct', :status, :task, :question, :superseded_by,
                    :provider, :model, :demo, :usage::jsonb, :latency::jsonb, :finish_reason,
                    :context_used, :attempt)
            """
                .formatted(NEXT_ORDINAL))
        .param("id", id.value())
        .param("user", user.value())
        .param("project", project.value())
        .param("session", session.value())
        .param("content", answer.content())
        .param("payload", answer.payload() == null ? null : json(answer.payload()))
        .param("agent", answer.agent().value())
        .param("agent_name", answer.agentName())
        .param("status", status.word())
        .param("task", task.value())
        .param("question", question.value())
        .param("superseded_by", value(supersededBy))
        .param("provider", answer.provider())
        .param("model", answer.model())
        .param("demo", answer.demo())
        .param("usage", json(answer.usage()))
        .param("latency", json(answer.latency()))
        .param("finish_reason", answer.finishReason().word())
        .param("context_used", answer.contextUsed())
        .param("attempt", answer.attempt())
        .update();
  }

  private static String json(Object value) {
    return WireCodec.json().writeValueAsString(value);
  }

  private static @Nullable UUID value(@Nullable MessageId id) {
    return id == null ? null : id.value();
  }

  void setTask(Tx tx, UserId user, MessageId id, TaskId task) {
    tx.sql(
            """
            update messages
               set task_id = :task, status = 'queued', error = null, error_type = null
             where user_id = :user and id = :id
            """)
        .param("user", user.value())
        .param("id", id.value())
        .param("task", task.value())
        .update();
  }

  void setStatus(
      Tx tx,
      UserId user,
      MessageId id,
      MessageStatus status,
      @Nullable String error,
      @Nullable String errorType) {
    tx.sql(
            """
            update messages set status = :status, error = :error, error_type = :error_type
             where user_id = :user and id = :id
            """)
        .param("user", user.value())
        .param("id", id.value())
        .param("status", status.word())
        .param("error", error)
        .param("error_type", errorType)
        .update();
  }

  /// Notes on a question who was asked in vain.
  void setProvider(Tx tx, UserId user, MessageId id, String provider, String model) {
    tx.sql(
            """
            update messages set provider = :provider, model = :model
             where user_id = :user and id = :id
            """)
        .param("user", user.value())
        .param("id", id.value())
        .param("provider", provider)
        .param("model", model)
        .update();
  }

  void rewrite(
      Tx tx,
      UserId user,
      MessageId id,
      String content,
      AgentId agent,
      String agentName,
      @Nullable String targetAgent) {
    tx.sql(
            """
            update messages
               set content = :content, agent_id = :agent, agent_name = :agent_name,
                   target_agent = :target_agent
             where user_id = :user and id = :id
            """)
        .param("user", user.value())
        .param("id", id.value())
        .param("content", content)
        .param("agent", agent.value())
        .param("agent_name", agentName)
        .param("target_agent", targetAgent)
        .update();
  }

  /// Notes on a question who is asked this time.
  void readdress(
      Tx tx,
      UserId user,
      MessageId id,
      AgentId agent,
      String agentName,
      @Nullable String targetAgent) {
    tx.sql(
            """
            update messages
               set agent_id = :agent, agent_name = :agent_name, target_agent = :target_agent,
                   provider = null, model = null
             where user_id = :user and id = :id
            """)
        .param("user", user.value())
        .param("id", id.value())
        .param("agent", agent.value())
        .param("agent_name", agentName)
        .param("target_agent", targetAgent)
        .update();
  }

  /// Lays a queued question before another: it takes the other's place, and the queued ones from
  /// there on step back into each other's.
  void moveBefore(Tx tx, UserId user, SessionId session, MessageId id, MessageId other) {
    tx.sql(
            """
            with queued as (
              select id, ordinal, row_number() over (order by ordinal) as place
                from messages
               where user_id = :user and session_id = :session and status = 'queued' and role = 'user'
            ),
            wanted as (
              select id, row_number() over (
                       order by case when id = :id
                                     then (select place from queued where id = :other) - 0.5
                                     else place end) as place
                from queued
            )
            update messages m set ordinal = -q.ordinal
              from wanted w join queued q on q.place = w.place
             where m.user_id = :user and m.id = w.id
            """)
        .param("user", user.value())
        .param("session", session.value())
        .param("id", id.value())
        .param("other", other.value())
        .update();
    tx.sql(
            """
            update messages set ordinal = -ordinal
             where user_id = :user and session_id = :session and ordinal < 0
            """)
        .param("user", user.value())
        .param("session", session.value())
        .update();
  }

  void delete(Tx tx, UserId user, MessageId id) {
    tx.sql("delete from messages where user_id = :user and id = :id")
        .param("user", user.value())
        .param("id", id.value())
        .update();
  }

  /// Gives the messages of a question's turn and of all later turns a successor.
  ///
  /// @return their ids
  List<MessageId> supersedeFrom(
      Tx tx, UserId user, SessionId session, long ordinal, MessageId successor) {
    return tx.sql(
            """
            update messages m
               set superseded_by = :successor,
                   status = case when m.status = 'queued' then 'cancelled' else m.status end
             where m.user_id = :user and m.session_id = :session and m.superseded_by is null
               and m.id <> :successor
               and coalesce((select q.ordinal from messages q
                              where q.user_id = m.user_id and q.id = m.user_message_id),
                            m.ordinal) >= :ordinal
            returning m.id
            """)
        .param("user", user.value())
        .param("session", session.value())
        .param("ordinal", ordinal)
        .param("successor", successor.value())
        .query((row, _) -> new MessageId(row.getObject("id", UUID.class)))
        .list();
  }

  /// Gives the earlier answers to a question a successor.
  List<MessageId> supersedeAnswers(
      Tx tx, UserId user, SessionId session, MessageId question, MessageId successor) {
    return tx.sql(
            """
            update messages set superseded_by = :successor
             where user_id = :user and session_id = :session and user_message_id = :question
               and id <> :successor and superseded_by is null
            returning id
            """)
        .param("user", user.value())
        .param("session", session.value())
        .param("question", question.value())
        .param("successor", successor.value())
        .query((row, _) -> new MessageId(row.getObject("id", UUID.class)))
        .list();
  }

  /// @param queued questions that wait
  /// @param processing questions that run
  record Load(int queued, int processing) {}

  Load load(Tx tx, UserId user, SessionId session) {
    return tx.sql(
            """
            select count(*) filter (where status = 'queued') as queued,
                   count(*) filter (where status = 'processing') as processing
              from messages
             where user_id = :user and session_id = :session and role = 'user'
               and status in ('queued', 'processing')
            """)
        .param("user", user.value())
        .param("session", session.value())
        .query((row, _) -> new Load(row.getInt("queued"), row.getInt("processing")))
        .single();
  }

  /// Begins the answer of a task, or begins it again: its id stays, its text so far does not.
  ///
  /// @return the answer's id
  MessageId beginAnswer(
      Tx tx,
      UserId user,
      SessionId session,
      TaskId task,
      AgentId agent,
      int attempt,
      MessageId fresh) {
    return tx.sql(
            """
            insert into message_drafts (user_id, task_id, message_id, session_id, agent_id, attempt)
            values (:user, :task, :message, :session, :agent, :attempt)
            on conflict (user_id, task_id) do update
               set attempt = excluded.attempt, content = '', thinking = '', updated_at = artel_now()
            returning message_id
            """)
        .param("user", user.value())
        .param("task", task.value())
        .param("message", fresh.value())
        .param("session", session.value())
        .param("agent", agent.value())
        .param("attempt", attempt)
        .query((row, _) -> new MessageId(row.getObject("message_id", UUID.class)))
        .single();
  }

  /// Keeps the text so far, unless the task has ended or another attempt writes. A draft may be
  /// lost, for the journal is the truth: the commit does not wait for the disk.
  void saveDraft(Tx tx, UserId user, TaskId task, int attempt, String content, String thinking) {
    tx.sql("set local synchronous_commit = off").update();
    tx.sql(
            """
            update message_drafts
               set content = :content, thinking = :thinking, updated_at = artel_now()
             where user_id = :user and task_id = :task and attempt = :attempt
            """)
        .param("user", user.value())
        .param("task", task.value())
        .param("attempt", attempt)
        .param("content", content)
        .param("thinking", thinking)
        .update();
  }

  void dropDraft(Tx tx, UserId user, TaskId task) {
    tx.sql("delete from message_drafts where user_id = :user and task_id = :task")
        .param("user", user.value())
        .param("task", task.value())
        .update();
  }
}
