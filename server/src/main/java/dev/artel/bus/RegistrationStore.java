package dev.artel.bus;

import dev.artel.db.Tx;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.UserId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The SQL of agents that come to the bus and leave it. Their state is a column of the agent, so
/// that every process sees it and it survives them.
final class RegistrationStore {
  /// The agent's state, which is held until the transaction ends.
  Optional<String> hold(Tx tx, UserId user, AgentId agent) {
    return tx.sql(
            """
            select bus_state from user_agents where user_id = :user and id = :agent
               for no key update
            """)
        .param("user", user.value())
        .param("agent", agent.value())
        .query(String.class)
        .optional();
  }

  void register(Tx tx, UserId user, AgentId agent, int concurrency) {
    tx.sql(
            """
            update user_agents
               set bus_state = 'registered', leave_by = null,
                   config = case when concurrency_limit = :concurrency then config
                                 else jsonb_set(config, '{concurrency_limit}', to_jsonb(:concurrency))
                            end
             where user_id = :user and id = :agent
            """)
        .param("user", user.value())
        .param("agent", agent.value())
        .param("concurrency", concurrency)
        .update();
  }

  void leave(Tx tx, UserId user, AgentId agent, Departure how, Duration within) {
    tx.sql(
            """
            update user_agents
               set bus_state = :state,
                   leave_by = coalesce(leave_by, artel_now() + :within * interval '1 millisecond')
             where user_id = :user and id = :agent
            """)
        .param("user", user.value())
        .param("agent", agent.value())
        .param("state", how == Departure.QUEUE_DRAINS ? "draining" : "leaving")
        .param("within", within.toMillis())
        .update();
  }

  void left(Tx tx, UserId user, AgentId agent) {
    tx.sql(
            """
            update user_agents set bus_state = 'left', leave_by = null
             where user_id = :user and id = :agent and bus_state in ('draining', 'leaving')
            """)
        .param("user", user.value())
        .param("agent", agent.value())
        .update();
  }

  /// The agent's tasks in that state.
  List<TaskId> tasks(Tx tx, UserId user, AgentId agent, boolean queued) {
    return tx.sql(
            """
            select id from tasks
             where user_id = :user and agent_id = :agent
               and status = any(case when :queued then array['queued']
                                     else array['running', 'awaiting_approval', 'awaiting_runner'] end)
             order by id
            """)
        .param("user", user.value())
        .param("agent", agent.value())
        .param("queued", queued)
        .query((row, _) -> new TaskId(row.getObject("id", UUID.class)))
        .list();
  }

  /// An agent that is about to leave.
  ///
  /// @param overdue whether its time is over
  record Leaving(UserId user, AgentId agent, boolean draining, boolean overdue) {}

  /// The agents of all users that are about to leave. Runs as the dispatch role.
  List<Leaving> leaving(Tx dispatch) {
    return dispatch
        .sql(
            """
            select user_id, id, bus_state = 'draining' as draining, leave_by <= artel_now() as overdue
              from user_agents
             where bus_state in ('draining', 'leaving')
            """)
        .query((row, _) ->
            new Leaving(
                new UserId(row.getObject("user_id", UUID.class)),
                new AgentId(row.getObject("id", UUID.class)),
                row.getBoolean("draining"),
                row.getBoolean("overdue")))
        .list();
  }
}
