package dev.artel.chat;

import dev.artel.db.Tx;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.UserId;

/// The SQL that branches a session.
final class ForkStore {
  /// A place in a session: the ordinal of a turn's question, and of the message itself.
  record Turn(long question, long ordinal) {
    static final Turn LAST = new Turn(Long.MAX_VALUE, Long.MAX_VALUE);
  }

  /// Copies what was said up to and with that message into another session, turn by turn: a
  /// question that came while an earlier answer was still being written belongs behind that answer.
  void copy(Tx tx, UserId user, SessionId from, Turn upTo, SessionId to) {
    tx.sql(
            """
            with said as (
              select m.*,
                     coalesce((select q.ordinal from messages q
                                where q.user_id = m.user_id and q.id = m.user_message_id),
                              m.ordinal) as turn
                from messages m
               where m.user_id = :user and m.session_id = :from and m.superseded_by is null
                 and m.status not in ('queued', 'processing')
            ),
            copied as (
              select s.*, gen_random_uuid() as new_id,
                     row_number() over (order by s.turn, s.ordinal) as new_ordinal
                from said s
               where (s.turn, s.ordinal) <= (:turn, :ordinal)
            )
            insert into messages (id, user_id, project_id, session_id, ordinal, role, content,
                                  payload, agent_id, agent_name, target_agent, mode, status, error,
                                  error_type, user_message_id, provider, model, demo, latency,
                                  finish_reason, context_used, created_at)
            select c.new_id, c.user_id, c.project_id, :to, c.new_ordinal, c.role, c.content,
                   c.payload, c.agent_id, c.agent_name, c.target_agent, c.mode, c.status, c.error,
                   c.error_type, q.new_id, c.provider, c.model, c.demo, c.latency, c.finish_reason,
                   c.context_used, c.created_at
              from copied c
              left join copied q on q.id = c.user_message_id
             order by c.new_ordinal
            """)
        .param("user", user.value())
        .param("from", from.value())
        .param("turn", upTo.question())
        .param("ordinal", upTo.ordinal())
        .param("to", to.value())
        .update();
  }
}
