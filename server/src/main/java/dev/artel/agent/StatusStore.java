package dev.artel.agent;

import dev.artel.db.Tx;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.AgentStatus;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.StatusReason;
import dev.artel.protocol.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// How agents stand, and what checks of them found. Two statements look across users for those that
/// a check is due for; they run as the dispatch role and are listed in docs/deliberate.md.
final class StatusStore {
  /// An agent with its standing, locked.
  record Held(
      AgentId id,
      ProjectId project,
      String name,
      int version,
      AgentMachine.Standing standing,
      boolean taskRuns) {}

  /// Locks the agent's row to the end of the transaction.
  Optional<Held> hold(Tx tx, UserId user, AgentId agent) {
    return tx.sql(
            """
            select id, project_id, name, version, status, failures
              from user_agents
             where user_id = :user_id and id = :id
               for no key update
            """)
        .param("user_id", user.value())
        .param("id", agent.value())
        .query((row, _) ->
            new Held(
                agent,
                new ProjectId(row.getObject("project_id", UUID.class)),
                row.getString("name"),
                row.getInt("version"),
                new AgentMachine.Standing(
                    AgentStatus.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
                    row.getInt("failures")),
                false))
        .optional()
        .map(held -> held.standing().status() == AgentStatus.READY ? held : looked(tx, user, held));
  }

  /// Asked once the lock is held, so that no end of a task is missed.
  private static Held looked(Tx tx, UserId user, Held held) {
    boolean runs =
        tx.sql(
                """
                select exists (select from tasks
                                where user_id = :user_id and agent_id = :id and status = 'running')
                """)
            .param("user_id", user.value())
            .param("id", held.id().value())
            .query(Boolean.class)
            .single();
    return new Held(held.id(), held.project(), held.name(), held.version(), held.standing(), runs);
  }

  void save(Tx tx, UserId user, AgentId agent, AgentMachine.Step step) {
    Duration recover = step.recoverAfter();
    tx.sql(
            """
            update user_agents
               set status = :status, failures = :failures,
                   last_error = case when :status = 'error' then coalesce(:error, last_error) end,
                   error_at = case when :status = 'error' then coalesce(error_at, artel_now()) end,
                   recover_at = case when :status <> 'error' then null
                                     else coalesce(artel_now() + cast(:recover as float8) * interval '1 second',
                                                   recover_at) end,
                   active_at = case when :by_task then artel_now() else active_at end,
                   updated_at = case when status <> :status then artel_now() else updated_at end
             where user_id = :user_id and id = :id
            """)
        .param("user_id", user.value())
        .param("id", agent.value())
        .param("status", step.next().status().word())
        .param("failures", step.next().failures())
        .param("error", step.error())
        .param("recover", recover == null ? null : (double) recover.toMillis() / 1000)
        .param("by_task", step.reason() == StatusReason.TASK)
        .update();
  }

  /// Lets an agent in error be tried again at once: its configuration is another one now.
  void recoverNow(Tx tx, UserId user, AgentId agent) {
    tx.sql(
            """
            update user_agents set recover_at = artel_now()
             where user_id = :user_id and id = :id and status = 'error'
            """)
        .param("user_id", user.value())
        .param("id", agent.value())
        .update();
  }

  /// How long until an agent in error is tried again; empty when it is in no error.
  Optional<Duration> recoversIn(Tx tx, UserId user, AgentId agent) {
    return tx.sql(
            """
            select greatest(1, ceil(extract(epoch from recover_at - artel_now())))::bigint
              from user_agents
             where user_id = :user_id and id = :id and status = 'error'
            """)
        .param("user_id", user.value())
        .param("id", agent.value())
        .query(Long.class)
        .optional()
        .map(Duration::ofSeconds);
  }

  /// An agent whose check is due.
  record Due(UserId user, AgentId agent) {}

  /// The agents of all users that have work or had some lately, and whose last check is older than
  /// that.
  List<Due> dueChecks(Tx dispatch, Duration activity, Duration age, int max) {
    return dispatch
        .sql(
            """
            with active as (
              select user_id, id from user_agents
               where active_at > artel_now() - :activity * interval '1 second'
              union
              select user_id, agent_id from tasks where status = 'running'
              union
              select user_id, agent_id from tasks where status = 'queued'
            )
            select a.user_id, a.id
              from active
              join user_agents a on a.user_id = active.user_id and a.id = active.id
              left join agent_checks c on c.user_id = a.user_id and c.agent_id = a.id
             where a.status <> 'error'
               and coalesce(c.checked_at, a.created_at) <= artel_now() - :age * interval '1 second'
             order by coalesce(c.checked_at, a.created_at)
             limit :max
            """)
        .param("activity", activity.toSeconds())
        .param("age", age.toSeconds())
        .param("max", max)
        .query((row, _) -> due(row))
        .list();
  }

  /// The agents of all users that are in error and are to be tried again. Each is taken for a
  /// while, so that no two processes try it at once.
  List<Due> takeRecoveries(Tx dispatch, Duration lease, int max) {
    return dispatch
        .sql(
            """
            update user_agents
               set recover_at = artel_now() + :lease * interval '1 second'
             where (user_id, id) in
                   (select user_id, id from user_agents
                     where recover_at <= artel_now() and status = 'error'
                     order by recover_at
                     limit :max
                       for no key update skip locked)
            returning user_id, id
            """)
        .param("lease", lease.toSeconds())
        .param("max", max)
        .query((row, _) -> due(row))
        .list();
  }

  private static Due due(ResultSet row) throws SQLException {
    return new Due(
        new UserId(row.getObject("user_id", UUID.class)),
        new AgentId(row.getObject("id", UUID.class)));
  }

  /// What a check has to know of an agent.
  ///
  /// @param config as it is stored
  /// @param stuck whether a task could have started long ago and did not
  record Patient(AgentId id, String config, boolean stuck) {}

  List<Patient> patients(Tx tx, UserId user, List<AgentId> agents, Duration patience) {
    return tx.sql(
            """
            select a.id, a.config::text as config,
                   exists
                     (select from tasks t
                       where t.user_id = a.user_id and t.agent_id = a.id and t.status = 'queued'
                         and greatest(t.created_at, t.run_after)
                               <= artel_now() - :patience * interval '1 second'
                         and not exists
                             (select from tasks o
                               where o.user_id = t.user_id and o.session_id = t.session_id and o.id <> t.id
                                 and o.status not in ('completed', 'failed', 'cancelled')))
                   and not exists
                     (select from tasks r
                       where r.user_id = a.user_id and r.agent_id = a.id
                         and (r.status = 'running'
                              or r.completed_at > artel_now() - :patience * interval '1 second'))
                     as stuck
              from user_agents a
             where a.user_id = :user_id and a.id in (:ids)
            """)
        .param("user_id", user.value())
        .param("ids", agents.stream().map(AgentId::value).toList())
        .param("patience", patience.toSeconds())
        .query((row, _) ->
            new Patient(
                new AgentId(row.getObject("id", UUID.class)),
                row.getString("config"),
                row.getBoolean("stuck")))
        .list();
  }

  /// Keeps what a check found; nothing when the agent is gone.
  void checked(Tx tx, UserId user, AgentId agent, String result) {
    tx.sql(
            """
            insert into agent_checks (user_id, agent_id, checked_at, result)
            select user_id, id, artel_now(), :result
              from user_agents
             where user_id = :user_id and id = :id
            on conflict (user_id, agent_id) do update
               set checked_at = excluded.checked_at, result = excluded.result
            """)
        .param("user_id", user.value())
        .param("id", agent.value())
        .param("result", result)
        .update();
  }

  /// How an agent does.
  ///
  /// @param checkedAt null before the first check
  /// @param errorAt since when it is in error; null when it is in none
  record Signs(
      @Nullable Instant checkedAt,
      @Nullable String result,
      @Nullable Instant errorAt,
      @Nullable Instant recoverAt) {}

  Signs signs(Tx tx, UserId user, AgentId agent) {
    return tx.sql(
            """
            select c.checked_at, c.result, a.error_at, a.recover_at
              from user_agents a
              left join agent_checks c on c.user_id = a.user_id and c.agent_id = a.id
             where a.user_id = :user_id and a.id = :id
            """)
        .param("user_id", user.value())
        .param("id", agent.value())
        .query((row, _) ->
            new Signs(
                time(row, "checked_at"),
                row.getString("result"),
                time(row, "error_at"),
                time(row, "recover_at")))
        .single();
  }

  private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
