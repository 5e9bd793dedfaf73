package dev.artel.agent;

import dev.artel.bus.TaskEnd;
import dev.artel.db.Tx;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.Usage;
import dev.artel.protocol.UserId;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What agents did, summed up by hours. Written once for each end of a task, under the lock of the
/// agent's row.
final class HourStore {
  private static final String SUMS =
      """
             sum(completed)::bigint as completed, sum(failed)::bigint as failed,
             sum(cancelled)::bigint as cancelled, sum(running_ms)::bigint as running_ms,
             max(last_at) as last_at, (array_agg(last_ms order by last_at desc))[1] as last_ms,
             sum(calls)::bigint as calls, sum(tokens_in)::bigint as tokens_in,
             sum(tokens_out)::bigint as tokens_out, sum(tokens_cached)::bigint as tokens_cached,
             sum(cost_usd) as cost_usd, sum(unpriced_calls)::bigint as unpriced_calls
      """;

  void add(Tx tx, UserId user, AgentId agent, TaskEnd end, Duration took) {
    Usage usage =
        switch (end) {
          case TaskEnd.Completed completed -> completed.usage();
          case TaskEnd.Failed failed -> failed.usage();
          case TaskEnd.Cancelled cancelled -> cancelled.usage();
        };
    Usage used = usage == null ? new Usage(0, 0, 0, 0, BigDecimal.ZERO) : usage;
    BigDecimal cost = used.costUsd();
    tx.sql(
            """
            insert into agent_hours as h
                   (user_id, agent_id, hour, completed, failed, cancelled, running_ms, last_ms, last_at,
                    calls, tokens_in, tokens_out, tokens_cached, cost_usd, unpriced_calls)
            values (:user_id, :agent_id, date_trunc('hour', artel_now(), 'UTC'),
                    :completed, :failed, :cancelled, :ms, :ms, artel_now(),
                    :calls, :tokens_in, :tokens_out, :tokens_cached, :cost, :unpriced)
            on conflict (user_id, agent_id, hour) do update
               set completed = h.completed + excluded.completed,
                   failed = h.failed + excluded.failed,
                   cancelled = h.cancelled + excluded.cancelled,
                   running_ms = h.running_ms + excluded.running_ms,
                   last_ms = excluded.last_ms, last_at = excluded.last_at,
                   calls = h.calls + excluded.calls,
                   tokens_in = h.tokens_in + excluded.tokens_in,
                   tokens_out = h.tokens_out + excluded.tokens_out,
                   tokens_cached = h.tokens_cached + excluded.tokens_cached,
                   cost_usd = h.cost_usd + excluded.cost_usd,
                   unpriced_calls = h.unpriced_calls + excluded.unpriced_calls
            """)
        .param("user_id", user.value())
        .param("agent_id", agent.value())
        .param("completed", end instanceof TaskEnd.Completed ? 1 : 0)
        .param("failed", end instanceof TaskEnd.Failed ? 1 : 0)
        .param("cancelled", end instanceof TaskEnd.Cancelled ? 1 : 0)
        .param("ms", took.toMillis())
        .param("calls", used.calls())
        .param("tokens_in", used.tokensIn())
        .param("tokens_out", used.tokensOut())
        .param("tokens_cached", used.tokensCached())
        .param("cost", cost == null ? BigDecimal.ZERO : cost)
        .param("unpriced", cost == null ? used.calls() : 0)
        .update();
  }

  /// All that an agent ever did; empty when it did nothing yet.
  Optional<AgentTally> total(Tx tx, UserId user, AgentId agent) {
    return tx.sql(
            """
            select %s
              from agent_hours
             where user_id = :user_id and agent_id = :agent_id
            having count(*) > 0
            """
                .formatted(SUMS))
        .param("user_id", user.value())
        .param("agent_id", agent.value())
        .query((row, _) -> tally(row))
        .optional();
  }

  /// How many tasks ended, and when that was counted.
  record Ended(long tasks, Instant at) {}

  /// How many tasks of a project's agents ended so far.
  Ended ended(Tx tx, UserId user, ProjectId project) {
    return tx.sql(
            """
            select coalesce(sum(h.completed + h.failed + h.cancelled), 0)::bigint as tasks,
                   artel_now() as at
              from user_agents a
              join agent_hours h on h.user_id = a.user_id and h.agent_id = a.id
             where a.user_id = :user_id and a.project_id = :project_id
            """)
        .param("user_id", user.value())
        .param("project_id", project.value())
        .query((row, _) ->
            new Ended(row.getLong("tasks"), row.getObject("at", OffsetDateTime.class).toInstant()))
        .single();
  }

  /// A piece of the history.
  record Piece(Instant start, AgentTally tally) {}

  /// The hours or days in which the agent did something, oldest first.
  List<Piece> history(
      Tx tx,
      UserId user,
      AgentId agent,
      @Nullable Instant from,
      @Nullable Instant until,
      HistoryBucket bucket,
      int max) {
    return tx.sql(
            """
            select * from (
              select date_trunc(:bucket, hour, 'UTC') as start, %s
                from agent_hours
               where user_id = :user_id and agent_id = :agent_id
                 and (cast(:from as timestamptz) is null or hour >= date_trunc('hour', cast(:from as timestamptz), 'UTC'))
                 and (cast(:until as timestamptz) is null or hour < cast(:until as timestamptz))
               group by 1
               order by 1 desc
               limit :max
            ) newest
            order by start
            """
                .formatted(SUMS))
        .param("user_id", user.value())
        .param("agent_id", agent.value())
        .param("from", time(from))
        .param("until", time(until))
        .param("bucket", bucket.word())
        .param("max", max)
        .query((row, _) ->
            new Piece(row.getObject("start", OffsetDateTime.class).toInstant(), tally(row)))
        .list();
  }

  private static @Nullable OffsetDateTime time(@Nullable Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }

  private static AgentTally tally(ResultSet row) throws SQLException {
    return new AgentTally(
        row.getLong("completed"),
        row.getLong("failed"),
        row.getLong("cancelled"),
        row.getLong("running_ms"),
        row.getObject("last_at", OffsetDateTime.class).toInstant(),
        row.getLong("last_ms"),
        row.getLong("calls"),
        row.getLong("tokens_in"),
        row.getLong("tokens_out"),
        row.getLong("tokens_cached"),
        row.getBigDecimal("cost_usd"),
        row.getLong("unpriced_calls"));
  }
}
