package dev.artel.agent;

import dev.artel.bus.Bus;
import dev.artel.db.Tx;
import dev.artel.event.Draft;
import dev.artel.event.EventLog;
import dev.artel.protocol.Event;
import dev.artel.protocol.MessageId;
import dev.artel.protocol.MessageStatus;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.UserId;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/// What an agent leaves behind when it is deleted: its open work ends, its words stay under its
/// name. All in the transaction that removes it; its tasks, versions and drafts go with its row, so
/// that whoever still runs one of them finds nothing to write to.
final class Leaving {
  private static final String REASON = "agent_deleted";

  private final EventLog events;
  private final Bus bus;

  Leaving(EventLog events, Bus bus) {
    this.events = events;
    this.bus = bus;
  }

  void of(Tx tx, UserId user, Agent agent) {
    cancelTasks(tx, user, agent);
    cancelMessages(tx, user, agent);
    dropDrafts(tx, user, agent);
    keepName(tx, user, agent);
    bus.forgetAgent(tx, user, agent.id());
  }

  private void cancelTasks(Tx tx, UserId user, Agent agent) {
    record Open(UUID id, UUID session) {}
    List<Open> open =
        tx.sql(
                """
                select id, session_id from tasks
                 where user_id = :user_id and agent_id = :agent_id
                   and status in ('queued', 'running', 'awaiting_approval', 'awaiting_runner')
                 order by created_at, id
                   for update
                """)
            .param("user_id", user.value())
            .param("agent_id", agent.id().value())
            .query((row, _) ->
                new Open(row.getObject("id", UUID.class), row.getObject("session_id", UUID.class)))
            .list();
    for (Open task : open) {
      events.append(
          tx,
          user,
          draft(
              agent.project(),
              task.session(),
              new Event.TaskCancelled(new TaskId(task.id()), agent.id(), REASON)));
    }
  }

  private void cancelMessages(Tx tx, UserId user, Agent agent) {
    record Ended(UUID id, UUID session, String status, UUID task) {}
    List<Ended> ended =
        tx.sql(
                """
                with open as (
                  select m.id, m.session_id, m.status, t.id as task_id
                    from tasks t
                    join messages m on m.user_id = t.user_id and m.id = t.message_id
                   where t.user_id = :user_id and t.agent_id = :agent_id
                     and t.status in ('queued', 'running', 'awaiting_approval', 'awaiting_runner')
                     and m.status in ('queued', 'processing')
                )
                update messages m set status = 'cancelled'
                  from open
                 where m.user_id = :user_id and m.id = open.id
                returning m.id, m.session_id, open.status, open.task_id
                """)
            .param("user_id", user.value())
            .param("agent_id", agent.id().value())
            .query((row, _) ->
                new Ended(
                    row.getObject("id", UUID.class),
                    row.getObject("session_id", UUID.class),
                    row.getString("status"),
                    row.getObject("task_id", UUID.class)))
            .list();
    for (Ended message : ended) {
      var session = new SessionId(message.session());
      events.append(
          tx,
          user,
          Draft.in(
              agent.project(),
              session,
              new Event.MessageUpdated(
                  new MessageId(message.id()),
                  session,
                  MessageStatus.valueOf(message.status().toUpperCase(Locale.ROOT)),
                  MessageStatus.CANCELLED,
                  null,
                  null,
                  null,
                  null,
                  null,
                  null,
                  null,
                  null,
                  new TaskId(message.task()))));
    }
  }

  private static void dropDrafts(Tx tx, UserId user, Agent agent) {
    tx.sql("delete from message_drafts where user_id = :user_id and agent_id = :agent_id")
        .param("user_id", user.value())
        .param("agent_id", agent.id().value())
        .update();
  }

  private static void keepName(Tx tx, UserId user, Agent agent) {
    tx.sql(
            """
            update messages
               set agent_name = :name,
                   payload = case when payload is null or jsonb_typeof(payload) = 'object'
                             then coalesce(payload, '{}') || jsonb_build_object('agent_name', cast(:name as text))
                             else payload end
             where user_id = :user_id and agent_id = :agent_id
            """)
        .param("user_id", user.value())
        .param("agent_id", agent.id().value())
        .param("name", agent.name())
        .update();
  }

  private static Draft draft(
      ProjectId project, @org.jspecify.annotations.Nullable UUID session, Event.Logged event) {
    return Draft.in(project, session == null ? null : new SessionId(session), event);
  }
}
