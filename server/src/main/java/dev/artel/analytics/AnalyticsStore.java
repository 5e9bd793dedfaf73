package dev.artel.analytics;

import dev.artel.db.Tx;
import dev.artel.protocol.EventId;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.UserId;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The statements behind the views. Everything is summed up in the database; a log of millions of
/// rows sends back a handful.
final class AnalyticsStore {
  private static final int RESULT_ROWS_MAX = 1000;

  /// Counts of the log along three lines at once.
  record Counts(
      long total, Map<String, Long> types, Map<String, Long> agents, Map<String, Long> statuses) {}

  Counts counts(Tx tx, UserId user, ProjectId project) {
    record Row(int line, @Nullable String key, long n) {}
    List<Row> rows =
        tx.sql(
                """
                select grouping(event_type, agent_id, status) as line,
                       coalesce(event_type, agent_id::text, status) as key,
                       count(*) as n
                  from event_outbox
                 where user_id = :user_id and project_id = :project_id
                 group by grouping sets ((event_type), (agent_id), (status), ())
                """)
            .param("user_id", user.value())
            .param("project_id", project.value())
            .query((row, _) -> new Row(row.getInt("line"), row.getString("key"), row.getLong("n")))
            .list();
    long total = 0;
    Map<String, Long> types = new TreeMap<>();
    Map<String, Long> agents = new TreeMap<>();
    Map<String, Long> statuses =
        new TreeMap<>(Map.of("published", 0L, "pending", 0L, "failed", 0L));
    for (Row row : rows) {
      String key = row.key();
      switch (row.line()) {
        case 0b011 -> types.put(String.valueOf(key), row.n());
        // Without a key: events that are about no agent.
        case 0b101 -> {
          if (key != null) {
            agents.put(key, row.n());
          }
        }
        case 0b110 -> statuses.put(String.valueOf(key), row.n());
        default -> total = row.n();
      }
    }
    return new Counts(total, types, agents, statuses);
  }

  /// How often tasks and connections failed, by kind. A task that failed and said so twice counts
  /// once.
  Map<String, Long> errorTypes(Tx tx, UserId user, ProjectId project) {
    record Row(String type, long n) {}
    Map<String, Long> types = new TreeMap<>();
    tx.sql(
            """
            select coalesce(payload ->> 'error_type', 'unknown') as type,
                   count(distinct coalesce(payload ->> 'task_id', event_id::text)) as n
              from event_logs
             where user_id = :user_id and project_id = :project_id
               and event_type in ('error', 'task_failed')
             group by 1
             order by 2 desc, 1
             limit :rows_max
            """)
        .param("user_id", user.value())
        .param("project_id", project.value())
        .param("rows_max", RESULT_ROWS_MAX)
        .query((row, _) -> new Row(row.getString("type"), row.getLong("n")))
        .list()
        .forEach(row -> types.put(row.type(), row.n()));
    return types;
  }

  Summary.LatencyStats latency(Tx tx, UserId user, ProjectId project) {
    return tx.sql(
            """
            select min(ms) as min, max(ms) as max, avg(ms) as avg,
                   percentile_cont(0.95) within group (order by ms) as p95, count(ms) as n
              from (select (payload ->> 'execution_time_ms')::bigint as ms
                      from event_logs
                     where user_id = :user_id and project_id = :project_id
                       and event_type = 'task_completed') completed
            """)
        .param("user_id", user.value())
        .param("project_id", project.value())
        .query((row, _) ->
            new Summary.LatencyStats(
                row.getObject("min", Long.class),
                row.getObject("max", Long.class),
                row.getObject("n", Long.class) == 0 ? null : row.getDouble("avg"),
                row.getObject("p95", Double.class),
                row.getLong("n")))
        .single();
  }

  boolean sessionExists(Tx tx, UserId user, ProjectId project, SessionId session) {
    return tx.sql(
            """
            select exists (select from chat_sessions
                            where user_id = :user_id and id = :id and project_id = :project_id)
            """)
        .param("user_id", user.value())
        .param("id", session.value())
        .param("project_id", project.value())
        .query(Boolean.class)
        .single();
  }

  /// @param project null: all of the user's projects
  List<UsageRow> usage(
      Tx tx,
      UserId user,
      @Nullable ProjectId project,
      @Nullable Instant from,
      @Nullable Instant until,
      UsageGroup by) {
    return tx.sql(
            """
            select %s as key,
                   sum((usage ->> 'calls')::bigint) as calls,
                   sum((usage ->> 'tokens_in')::bigint) as tokens_in,
                   sum((usage ->> 'tokens_out')::bigint) as tokens_out,
                   sum((usage ->> 'tokens_cached')::bigint) as tokens_cached,
                   sum((usage ->> 'cost_usd')::numeric) as cost_usd,
                   coalesce(sum((usage ->> 'calls')::bigint) filter (where usage ->> 'cost_usd' is null), 0)
                     as unpriced_calls
              from messages
             where user_id = :user_id and usage is not null and role = 'assistant'
               and (cast(:project_id as uuid) is null or project_id = cast(:project_id as uuid))
               and (cast(:from as timestamptz) is null or created_at >= cast(:from as timestamptz))
               and (cast(:until as timestamptz) is null or created_at < cast(:until as timestamptz))
             group by 1
             order by 1
             limit :rows_max
            """
                .formatted(by.key()))
        .param("user_id", user.value())
        .param("project_id", project == null ? null : project.value())
        .param("from", time(from))
        .param("until", time(until))
        .param("rows_max", RESULT_ROWS_MAX)
        .query((row, _) ->
            new UsageRow(
                row.getString("key"),
                row.getLong("calls"),
                row.getLong("tokens_in"),
                row.getLong("tokens_out"),
                row.getLong("tokens_cached"),
                row.getBigDecimal("cost_usd"),
                row.getLong("unpriced_calls")))
        .list();
  }

  private static @Nullable OffsetDateTime time(@Nullable Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }

  /// Whether an event of this project could not be published for good; empty when it is none of
  /// this project.
  Optional<Boolean> failed(Tx tx, UserId user, @Nullable ProjectId project, EventId event) {
    return tx.sql(
            """
            select f.event_id is not null and f.next_retry_at is null as failed
              from event_logs e
              left join event_failures f on f.user_id = e.user_id and f.event_id = e.event_id
             where e.user_id = :user_id and e.event_id = :event_id
               and (cast(:project_id as uuid) is null or e.project_id = cast(:project_id as uuid))
            """)
        .param("user_id", user.value())
        .param("event_id", event.value())
        .param("project_id", project == null ? null : project.value())
        .query(Boolean.class)
        .optional();
  }

  /// Lets a failed event be tried again, from the beginning. False when another was quicker.
  boolean retry(Tx tx, UserId user, EventId event) {
    return tx.sql(
                """
                update event_failures set attempts = 0, next_retry_at = artel_now()
                 where user_id = :user_id and event_id = :event_id and next_retry_at is null
                """)
            .param("user_id", user.value())
            .param("event_id", event.value())
            .update()
        == 1;
  }

  /// Whose event it is; runs as the dispatch role, which sees no more of it than that.
  Optional<UserId> owner(Tx dispatch, EventId event) {
    return dispatch
        .sql("select user_id from event_logs where event_id = :event_id")
        .param("event_id", event.value())
        .query(UUID.class)
        .optional()
        .map(UserId::new);
  }
}
