package dev.artel.bus;

import dev.artel.db.Tx;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The SQL that counts what lies in the queues.
final class QueueStore {
  /// The queue of one agent and what became of what was in it.
  ///
  /// @param limit tasks that may run at once
  /// @param completed tasks ever, like `failed`
  /// @param throughputPerS tasks completed in the last minute, by the second
  /// @param avgSeconds running time of the tasks that ended within a day, like `p95Seconds`; null
  ///   for none
  record AgentQueue(
      AgentId agent,
      String name,
      QueueLoad load,
      int limit,
      @Nullable Instant oldestQueuedAt,
      long completed,
      long failed,
      double throughputPerS,
      @Nullable Double avgSeconds,
      @Nullable Double p95Seconds) {}

  List<AgentQueue> of(Tx tx, UserId user, ProjectId project, int capacity) {
    return tx.sql(
            """
            select a.id, a.name, a.concurrency_limit,
                   now_open.queued, now_open.active, now_open.waiting, now_open.oldest,
                   ever.completed, ever.failed,
                   lately.per_second, lately.avg_seconds, lately.p95_seconds
              from user_agents a
             cross join lateral
                   (select count(*) filter (where t.status = 'queued') as queued,
                           count(*) filter (where t.status = 'running') as active,
                           count(*) filter (where t.waiting_on is not null) as waiting,
                           min(t.created_at) filter (where t.status = 'queued') as oldest
                      from tasks t
                     where t.user_id = :user and t.agent_id = a.id
                       and t.status in ('queued', 'running', 'awaiting_approval', 'awaiting_runner')
                   ) now_open
             cross join lateral
                   (select count(*) filter (where t.status = 'completed') as completed,
                           count(*) filter (where t.status = 'failed') as failed
                      from tasks t
                     where t.user_id = :user and t.agent_id = a.id
                       and t.status in ('completed', 'failed')) ever
             cross join lateral
                   (select count(*) filter
                             (where t.status = 'completed'
                                and t.completed_at > artel_now() - interval '1 minute') / 60.0
                             as per_second,
                           avg(t.running_ms) / 1000.0 as avg_seconds,
                           percentile_cont(0.95) within group (order by t.running_ms) / 1000.0
                             as p95_seconds
                      from tasks t
                     where t.user_id = :user and t.agent_id = a.id
                       and t.completed_at > (select artel_now()) - interval '1 day'
                       and t.status in ('completed', 'failed')) lately
             where a.user_id = :user and a.project_id = :project
             order by a.created_at, a.id
            """)
        .param("user", user.value())
        .param("project", project.value())
        .query((row, _) -> queue(row, capacity))
        .list();
  }

  private static AgentQueue queue(ResultSet row, int capacity) throws SQLException {
    OffsetDateTime oldest = row.getObject("oldest", OffsetDateTime.class);
    return new AgentQueue(
        new AgentId(row.getObject("id", UUID.class)),
        row.getString("name"),
        new QueueLoad(row.getInt("queued"), capacity, row.getInt("active"), row.getInt("waiting")),
        row.getInt("concurrency_limit"),
        oldest == null ? null : oldest.toInstant(),
        row.getLong("completed"),
        row.getLong("failed"),
        row.getDouble("per_second"),
        seconds(row, "avg_seconds"),
        seconds(row, "p95_seconds"));
  }

  private static @Nullable Double seconds(ResultSet row, String column) throws SQLException {
    double seconds = row.getDouble(column);
    return row.wasNull() ? null : Math.round(seconds * 1000) / 1000.0;
  }

  /// All queues together. Runs as the dispatch role.
  BusMeters.Census census(Tx dispatch, int alertAt) {
    return dispatch
        .sql(
            """
            select coalesce(sum(size), 0) as queued, coalesce(sum(waits), 0) as waiting,
                   count(*) as queues, coalesce(max(size), 0) as fullest,
                   count(*) filter (where size >= :alert_at) as over_it
              from (select count(*) as size, count(waiting_on) as waits
                      from tasks where status = 'queued'
                     group by user_id, agent_id) q
            """)
        .param("alert_at", alertAt)
        .query((row, _) ->
            new BusMeters.Census(
                row.getLong("queued"),
                row.getLong("waiting"),
                row.getLong("queues"),
                row.getLong("fullest"),
                row.getLong("over_it")))
        .single();
  }

  /// @param total queues, one for each agent
  /// @param waiting tasks that wait for a person, a runner or their retry time
  record Totals(long total, long queued, long running, long waiting) {}

  /// Runs as the dispatch role.
  Totals totals(Tx dispatch) {
    return dispatch
        .sql(
            """
            select (select count(*) from user_agents where bus_state <> 'left') as total,
                   count(*) filter (where status = 'queued') as queued,
                   count(*) filter (where status = 'running') as running,
                   count(waiting_on) as waiting
              from tasks
             where status in ('queued', 'running', 'awaiting_approval', 'awaiting_runner')
            """)
        .query((row, _) ->
            new Totals(
                row.getLong("total"),
                row.getLong("queued"),
                row.getLong("running"),
                row.getLong("waiting")))
        .single();
  }

  /// A queue that is nearly full.
  record Full(UserId user, AgentId agent, long size) {}

  /// Runs as the dispatch role.
  List<Full> full(Tx dispatch, int alertAt) {
    return dispatch
        .sql(
            """
            select user_id, agent_id, count(*) as size from tasks where status = 'queued'
             group by user_id, agent_id having count(*) >= :alert_at
             order by size desc, user_id, agent_id limit 100
            """)
        .param("alert_at", alertAt)
        .query((row, _) ->
            new Full(
                new UserId(row.getObject("user_id", UUID.class)),
                new AgentId(row.getObject("agent_id", UUID.class)),
                row.getLong("size")))
        .list();
  }
}
