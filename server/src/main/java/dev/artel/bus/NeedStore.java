package dev.artel.bus;

import dev.artel.db.Tx;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.TaskStatus;
import dev.artel.protocol.UserId;
import dev.artel.protocol.WireCodec;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/// The SQL of tasks that depend on others.
final class NeedStore {
  private static final TypeReference<Map<String, Object>> RESULT = new TypeReference<>() {};

  /// Where those tasks stand. They are marked, which holds them until the transaction ends, so that
  /// none of them ends unseen by the task that is about to depend on it.
  Map<TaskId, TaskStatus> hold(Tx tx, UserId user, Set<TaskId> tasks) {
    Map<TaskId, TaskStatus> found = new HashMap<>();
    tx.sql(
            """
            with needed as (
              select id from tasks
               where user_id = :user and id = any(:tasks)
               order by id for no key update
            )
            update tasks t set awaited = true
              from needed n
             where t.user_id = :user and t.id = n.id
            returning t.id, t.status
            """)
        .param("user", user.value())
        .param("tasks", TaskStore.array(tasks, tx))
        .query(row -> {
          found.put(
              new TaskId(row.getObject("id", UUID.class)),
              TaskStore.status(row.getString("status")));
        });
    return found;
  }

  /// One need less for those that wait for the task, which has completed.
  ///
  /// @return how many wait for nothing any more
  int met(Tx tx, UserId user, TaskId task) {
    return tx
        .sql(
            """
            with dependents as (
              select id from tasks
               where user_id = :user and unmet > 0 and status = 'queued'
                 and depends_on @> array[cast(:task as uuid)]
               order by id for no key update
            )
            update tasks t set unmet = unmet - 1
              from dependents d
             where t.user_id = :user and t.id = d.id
            returning t.unmet
            """)
        .param("user", user.value())
        .param("task", task.value())
        .query(Integer.class)
        .list()
        .stream()
        .mapToInt(unmet -> unmet == 0 ? 1 : 0)
        .sum();
  }

  /// A task that will never start.
  ///
  /// @param need the task that did not complete
  record Doomed(
      TaskId task, ProjectId project, @Nullable SessionId session, AgentId agent, TaskId need) {}

  /// Cancels those that wait for one of the tasks, none of which will complete.
  List<Doomed> doom(Tx tx, UserId user, Collection<TaskId> tasks, String reason) {
    return tx.sql(
            """
            with dependents as (
              select id,
                     (select n from unnest(depends_on) n where n = any(:tasks) limit 1) as need
                from tasks
               where user_id = :user and unmet > 0 and status = 'queued' and depends_on && :tasks
               order by id for no key update
            )
            update tasks t
               set status = 'cancelled', waiting_on = null, unmet = 0, error = :reason,
                   completed_at = artel_now()
              from dependents d
             where t.user_id = :user and t.id = d.id
            returning t.id, t.project_id, t.session_id, t.agent_id, d.need
            """)
        .param("user", user.value())
        .param("tasks", TaskStore.array(tasks, tx))
        .param("reason", reason)
        .query((row, _) -> {
          UUID session = row.getObject("session_id", UUID.class);
          return new Doomed(
              new TaskId(row.getObject("id", UUID.class)),
              new ProjectId(row.getObject("project_id", UUID.class)),
              session == null ? null : new SessionId(session),
              new AgentId(row.getObject("agent_id", UUID.class)),
              new TaskId(row.getObject("need", UUID.class)));
        })
        .list();
  }

  /// What the tasks that this one depends on came to, in their order of admission.
  ///
  /// @param bytesMax a longer result is not carried along
  List<TaskInput> inputs(Tx tx, UserId user, TaskId task, int bytesMax) {
    return tx.sql(
            """
            select n.id, n.agent_id, octet_length(n.result::text) as bytes,
                   case when octet_length(n.result::text) <= :bytes_max then n.result::text end as result
              from tasks t
              join tasks n on n.user_id = :user and n.id = any(t.depends_on)
             where t.user_id = :user and t.id = :task
             order by n.created_at, n.id
            """)
        .param("user", user.value())
        .param("task", task.value())
        .param("bytes_max", bytesMax)
        .query((row, _) -> input(row, bytesMax))
        .list();
  }

  private static TaskInput input(ResultSet row, int bytesMax) throws SQLException {
    var need = new TaskId(row.getObject("id", UUID.class));
    var agent = new AgentId(row.getObject("agent_id", UUID.class));
    int bytes = row.getInt("bytes");
    String result = row.getString("result");
    return result == null && bytes > bytesMax
        ? new TaskInput.Reference(need, agent, bytes)
        : new TaskInput.Whole(
            need, agent, result == null ? Map.of() : WireCodec.json().readValue(result, RESULT));
  }
}
