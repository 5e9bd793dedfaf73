package dev.artel.bus;

import dev.artel.db.Tx;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.TaskStatus;
import dev.artel.protocol.UserId;
import dev.artel.protocol.WireCodec;
import java.sql.Array;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The SQL of one user's tasks.
final class TaskStore {
  /// @param unmet how many of the tasks that it depends on have not completed
  void insert(Tx tx, UserId user, TaskDraft draft, int unmet) {
    tx.sql(
            """
            insert into tasks (id, user_id, project_id, session_id, agent_id, agent_version, kind,
                               message_id, status, position, retry_of, priority, depends_on, unmet)
            select :id, :user, :project, :session, :agent, :version, :kind, :message, 'queued',
                   coalesce(max(position), 0) + 1, :retry_of, :priority, :depends_on, :unmet
              from tasks
             where user_id = :user and session_id = :session
            """)
        .param("id", draft.id().value())
        .param("user", user.value())
        .param("project", draft.project().value())
        .param("session", draft.session() == null ? null : draft.session().value(), Types.OTHER)
        .param("agent", draft.agent().value())
        .param("version", draft.agentVersion())
        .param("kind", draft.kind().word())
        .param("message", draft.message() == null ? null : draft.message().value(), Types.OTHER)
        .param("retry_of", draft.retryOf() == null ? null : draft.retryOf().value(), Types.OTHER)
        .param("priority", draft.priority().level())
        .param("depends_on", array(draft.dependsOn(), tx))
        .param("unmet", unmet)
        .update();
  }

  static Array array(Collection<TaskId> tasks, Tx tx) {
    try {
      return tx.connection().createArrayOf("uuid", tasks.stream().map(TaskId::value).toArray());
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }

  /// What a new task meets.
  ///
  /// @param open whether the agent takes work
  /// @param queued tasks that wait for it
  record Admission(boolean open, int queued) {}

  /// How many tasks wait for the agent, which is locked until the transaction ends, so that no two
  /// callers see the same last place; empty when there is no such agent.
  Optional<Admission> admit(Tx tx, UserId user, AgentId agent) {
    Optional<String> state =
        tx.sql(
                """
                select bus_state from user_agents where user_id = :user and id = :agent
                   for no key update
                """)
            .param("user", user.value())
            .param("agent", agent.value())
            .query(String.class)
            .optional();
    return state.map(word -> new Admission(word.equals("registered"), queued(tx, user, agent)));
  }

  private static int queued(Tx tx, UserId user, AgentId agent) {
    return tx.sql(
            """
            select count(*) from tasks
             where user_id = :user and agent_id = :agent and status = 'queued'
            """)
        .param("user", user.value())
        .param("agent", agent.value())
        .query(Integer.class)
        .single();
  }

  Map<AgentId, QueueLoad> loads(Tx tx, UserId user, ProjectId project, int capacity) {
    Map<AgentId, QueueLoad> loads = new HashMap<>();
    tx.sql(
            """
            select agent_id,
                   count(*) filter (where status = 'queued') as queued,
                   count(*) filter (where status = 'running') as active,
                   count(*) filter (where waiting_on is not null) as waiting
              from tasks
             where user_id = :user and project_id = :project
               and status in ('queued', 'running', 'awaiting_approval', 'awaiting_runner')
             group by agent_id
            """)
        .param("user", user.value())
        .param("project", project.value())
        .query(row -> {
          loads.put(
              new AgentId(row.getObject("agent_id", UUID.class)),
              new QueueLoad(
                  row.getInt("queued"), capacity, row.getInt("active"), row.getInt("waiting")));
        });
    return loads;
  }

  Optional<TaskStatus> status(Tx tx, UserId user, TaskId task) {
    return tx.sql("select status from tasks where user_id = :user and id = :task")
        .param("user", user.value())
        .param("task", task.value())
        .query(String.class)
        .optional()
        .map(TaskStore::status);
  }

  static TaskStatus status(String word) {
    return TaskStatus.valueOf(word.toUpperCase(Locale.ROOT));
  }

  /// What holding a claim found.
  enum Hold {
    HELD,
    STOP_REQUESTED,
    LOST
  }

  /// Whether the claim still holds; locks the task's row until the transaction ends.
  Hold hold(Tx tx, UserId user, Claim claim) {
    return tx.sql(
            """
            select stop_requested from tasks
             where user_id = :user and id = :task and fence = :fence and lease_owner = :node
               and status = 'running'
               for no key update
            """)
        .param("user", user.value())
        .param("task", claim.task().value())
        .param("fence", claim.fence())
        .param("node", claim.node())
        .query(Boolean.class)
        .optional()
        .map(stop -> stop ? Hold.STOP_REQUESTED : Hold.HELD)
        .orElse(Hold.LOST);
  }

  /// Asks whoever runs the task to stop it.
  void requestStop(Tx tx, UserId user, TaskId task) {
    tx.sql(
            """
            update tasks set stop_requested = true
             where user_id = :user and id = :task
               and status in ('running', 'awaiting_approval', 'awaiting_runner')
            """)
        .param("user", user.value())
        .param("task", task.value())
        .update();
  }

  /// The tasks that have not ended, of a project, of a session or of an agent of it.
  Set<TaskId> open(
      Tx tx,
      UserId user,
      @Nullable ProjectId project,
      @Nullable SessionId session,
      @Nullable AgentId agent) {
    return tx.sql(
            """
            select id from tasks
             where user_id = :user
               and status in ('queued', 'running', 'awaiting_approval', 'awaiting_runner')
               and (cast(:project as uuid) is null or project_id = :project)
               and (cast(:session as uuid) is null or session_id = :session)
               and (cast(:agent as uuid) is null or agent_id = :agent)
            """)
        .param("user", user.value())
        .param("project", project == null ? null : project.value())
        .param("session", session == null ? null : session.value())
        .param("agent", agent == null ? null : agent.value())
        .query((row, _) -> new TaskId(row.getObject("id", UUID.class)))
        .set();
  }

  /// Ends a running task.
  ///
  /// @return whether another task depends on it; empty when the claim did not hold
  Optional<Boolean> end(Tx tx, UserId user, Claim claim, TaskStatus status, TaskEnd end) {
    Object result = end instanceof TaskEnd.Completed completed ? completed.result() : null;
    String error =
        switch (end) {
          case TaskEnd.Completed _ -> null;
          case TaskEnd.Failed failed -> failed.error();
          case TaskEnd.Cancelled cancelled -> cancelled.reason();
        };
    Object usage =
        switch (end) {
          case TaskEnd.Completed completed -> completed.usage();
          case TaskEnd.Failed failed -> failed.usage();
          case TaskEnd.Cancelled cancelled -> cancelled.usage();
        };
    return tx.sql(
            """
            update tasks
               set status = :status, result = :result::jsonb, usage = :usage::jsonb,
                   error = :error, error_type = :error_type,
                   running_ms = running_ms + extract(epoch from artel_now() - claimed_at) * 1000,
                   lease_owner = null, lease_until = null, completed_at = artel_now()
             where user_id = :user and id = :task and fence = :fence and lease_owner = :node
               and status = 'running'
            returning awaited
            """)
        .param("user", user.value())
        .param("task", claim.task().value())
        .param("fence", claim.fence())
        .param("node", claim.node())
        .param("status", status.word())
        .param("result", result == null ? null : WireCodec.json().writeValueAsString(result))
        .param("usage", usage == null ? null : WireCodec.json().writeValueAsString(usage))
        .param("error", error)
        .param("error_type", end instanceof TaskEnd.Failed failed ? failed.errorType() : null)
        .query(Boolean.class)
        .optional();
  }

  /// Gives a running task back to the queue. The claim does not count against the task's tries.
  boolean release(Tx tx, UserId user, Claim claim) {
    return tx.sql(
                """
                 update tasks
                    set status = 'queued', lease_owner = null, lease_until = null,
                        attempts = attempts - 1,
                        running_ms = running_ms + extract(epoch from artel_now() - claimed_at) * 1000
                  where user_id = :user and id = :task and fence = :fence and lease_owner = :node
                and status = 'running'
                """)
            .param("user", user.value())
            .param("task", claim.task().value())
            .param("fence", claim.fence())
            .param("node", claim.node())
            .update()
        == 1;
  }

  /// Notes how many steps of a running task are done.
  ///
  /// @return whether the claim still held
  boolean stepsDone(Tx tx, UserId user, Claim claim, int steps) {
    return tx.sql(
                """
                 update tasks set steps_done = :steps
                  where user_id = :user and id = :task and fence = :fence and lease_owner = :node
                and status = 'running'
                """)
            .param("user", user.value())
            .param("task", claim.task().value())
            .param("fence", claim.fence())
            .param("node", claim.node())
            .param("steps", steps)
            .update()
        == 1;
  }

  /// Puts a running task off. Its clock stands meanwhile, so its deadline moves with the wait.
  ///
  /// @return when it is due; empty when the claim did not hold
  Optional<Instant> retry(Tx tx, UserId user, Claim claim, Duration delay) {
    return tx.sql(
            """
            update tasks
               set status = 'queued', waiting_on = 'retry', retries = retries + 1,
                   run_after = artel_now() + :delay * interval '1 millisecond',
                   deadline_at = deadline_at + :delay * interval '1 millisecond',
                   running_ms = running_ms + extract(epoch from artel_now() - claimed_at) * 1000,
                   lease_owner = null, lease_until = null
             where user_id = :user and id = :task and fence = :fence and lease_owner = :node
               and status = 'running'
            returning run_after
            """)
        .param("user", user.value())
        .param("task", claim.task().value())
        .param("fence", claim.fence())
        .param("node", claim.node())
        .param("delay", delay.toMillis())
        .query((row, _) -> row.getObject("run_after", OffsetDateTime.class).toInstant())
        .optional();
  }

  /// A task that was cancelled.
  ///
  /// @param awaited whether another task depends on it
  record Cancelled(AgentId agent, boolean awaited) {}

  /// Cancels a task that is still queued; empty when it was not.
  Optional<Cancelled> cancelQueued(Tx tx, UserId user, TaskId task, String reason) {
    return tx.sql(
            """
            update tasks
               set status = 'cancelled', waiting_on = null, error = :reason,
                   completed_at = artel_now()
             where user_id = :user and id = :task and status = 'queued'
            returning agent_id, awaited
            """)
        .param("user", user.value())
        .param("task", task.value())
        .param("reason", reason)
        .query((row, _) ->
            new Cancelled(
                new AgentId(row.getObject("agent_id", UUID.class)), row.getBoolean("awaited")))
        .optional();
  }

  boolean holdQueued(Tx tx, UserId user, TaskId task) {
    return tx.sql(
            """
            select 1 from tasks
             where user_id = :user and id = :task and status = 'queued'
               for no key update
            """)
        .param("user", user.value())
        .param("task", task.value())
        .query(Integer.class)
        .optional()
        .isPresent();
  }

  /// Lays a queued task before another of its session: it takes the other's place, and those from
  /// there on step back.
  void moveBefore(Tx tx, UserId user, SessionId session, TaskId task, TaskId other) {
    tx.sql(
            """
            with target as (
              select position from tasks where user_id = :user and id = :other
            )
            update tasks t
               set position = case when t.id = :task then target.position else t.position + 1 end
              from target
             where t.user_id = :user and t.session_id = :session and t.status = 'queued'
               and (t.id = :task or t.position >= target.position)
            """)
        .param("user", user.value())
        .param("session", session.value())
        .param("task", task.value())
        .param("other", other.value())
        .update();
  }

  /// Gives a queued task to another agent.
  void readdress(Tx tx, UserId user, TaskId task, AgentId agent, int version) {
    tx.sql(
            """
            update tasks set agent_id = :agent, agent_version = :version
             where user_id = :user and id = :task and status = 'queued'
            """)
        .param("user", user.value())
        .param("task", task.value())
        .param("agent", agent.value())
        .param("version", version)
        .update();
  }
}
