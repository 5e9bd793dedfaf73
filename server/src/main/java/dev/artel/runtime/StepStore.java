package dev.artel.runtime;

import dev.artel.db.Tx;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.StepKind;
import dev.artel.protocol.StepStatus;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.Usage;
import dev.artel.protocol.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The SQL of the journal.
final class StepStore {
  /// Begins the next attempt of a step.
  ///
  /// @return its number
  int begin(
      Tx tx,
      UserId user,
      TaskId task,
      int step,
      StepKind kind,
      String title,
      JournalJson.ModelInput input) {
    String json = JournalJson.input(input);
    return tx.sql(
            """
            insert into task_steps (user_id, task_id, step, attempt, kind, title, status, input,
                                    input_hash, provider, model)
            select :user, :task, :step, coalesce(max(attempt), 0) + 1, :kind, :title, 'running',
                   :input::jsonb, :hash, :provider, :model
              from task_steps
             where user_id = :user and task_id = :task and step = :step
            returning attempt
            """)
        .param("user", user.value())
        .param("task", task.value())
        .param("step", step)
        .param("kind", kind.word())
        .param("title", title)
        .param("input", json)
        .param("hash", JournalJson.hash(json))
        .param("provider", input.provider())
        .param("model", input.model())
        .query(Integer.class)
        .single();
  }

  void answering(Tx tx, UserId user, TaskId task, int step, int attempt) {
    tx.sql(
            """
            update task_steps set answering_at = artel_now()
             where user_id = :user and task_id = :task and step = :step and attempt = :attempt
               and status = 'running'
            """)
        .param("user", user.value())
        .param("task", task.value())
        .param("step", step)
        .param("attempt", attempt)
        .update();
  }

  /// How an attempt ended. An error goes with a failed one alone.
  record End(
      StepStatus status,
      @Nullable String output,
      @Nullable Usage usage,
      @Nullable String error,
      @Nullable String errorType) {}

  /// Ends an attempt that runs.
  ///
  /// @return how long it took, in milliseconds; empty when it had ended already
  Optional<Long> end(Tx tx, UserId user, TaskId task, int step, int attempt, End end) {
    Usage usage = end.usage();
    return tx.sql(
            """
            update task_steps
               set status = :status, output = :output::jsonb, tokens_in = :tokens_in,
                   tokens_out = :tokens_out, tokens_cached = :tokens_cached, cost_usd = :cost,
                   error = :error, error_type = :error_type, completed_at = artel_now()
             where user_id = :user and task_id = :task and step = :step and attempt = :attempt
               and status = 'running'
            returning cast(extract(epoch from completed_at - started_at) * 1000 as bigint)
            """)
        .param("user", user.value())
        .param("task", task.value())
        .param("step", step)
        .param("attempt", attempt)
        .param("status", end.status().word())
        .param("output", end.output())
        .param("tokens_in", usage == null ? null : usage.tokensIn())
        .param("tokens_out", usage == null ? null : usage.tokensOut())
        .param("tokens_cached", usage == null ? null : usage.tokensCached())
        .param("cost", usage == null ? null : usage.costUsd())
        .param("error", end.error())
        .param("error_type", end.errorType())
        .query(Long.class)
        .optional();
  }

  /// All attempts of a task's steps, in order.
  List<Past.Row> past(Tx tx, UserId user, TaskId task) {
    return tx.sql(
            """
            select step, attempt, kind, title, status,
                   coalesce(tokens_in, 0) + coalesce(tokens_out, 0) as tokens,
                   answering_at is not null as answering, output
              from task_steps
             where user_id = :user and task_id = :task
             order by step, attempt
            """)
        .param("user", user.value())
        .param("task", task.value())
        .query((row, _) ->
            new Past.Row(
                row.getInt("step"),
                row.getInt("attempt"),
                kind(row),
                row.getString("title"),
                status(row),
                row.getLong("tokens"),
                row.getBoolean("answering"),
                row.getString("output")))
        .list();
  }

  /// What the steps of a task used, as far as it is known: of a call that its process did not
  /// outlive nothing is.
  Usage usage(Tx tx, UserId user, TaskId task) {
    return tx.sql(
            """
            select count(*) filter (where tokens_in + tokens_out > 0) as calls,
                   coalesce(sum(tokens_in), 0) as tokens_in,
                   coalesce(sum(tokens_out), 0) as tokens_out,
                   coalesce(sum(tokens_cached), 0) as tokens_cached,
                   case when bool_or(tokens_in + tokens_out > 0 and cost_usd is null) then null
                        else trim_scale(coalesce(sum(cost_usd), 0)) end as cost_usd
              from task_steps
             where user_id = :user and task_id = :task
            """)
        .param("user", user.value())
        .param("task", task.value())
        .query((row, _) ->
            new Usage(
                row.getInt("calls"),
                row.getLong("tokens_in"),
                row.getLong("tokens_out"),
                row.getLong("tokens_cached"),
                row.getBigDecimal("cost_usd")))
        .single();
  }

  /// The task, when it is one of the project, by the session that caused it.
  Optional<Cause> session(Tx tx, UserId user, ProjectId project, TaskId task) {
    return tx.sql(
            """
            select session_id from tasks
             where user_id = :user and project_id = :project and id = :task
            """)
        .param("user", user.value())
        .param("project", project.value())
        .param("task", task.value())
        .query((row, _) -> {
          UUID session = row.getObject("session_id", UUID.class);
          return new Cause(session == null ? null : new SessionId(session));
        })
        .optional();
  }

  /// @param session null when none caused the task
  record Cause(@Nullable SessionId session) {}

  int count(Tx tx, UserId user, TaskId task, int after) {
    return tx.sql(
            """
            select count(*) from task_steps
             where user_id = :user and task_id = :task and step > :after
            """)
        .param("user", user.value())
        .param("task", task.value())
        .param("after", after)
        .query(Integer.class)
        .single();
  }

  /// A page of a task's attempts, without what went in and came out.
  List<Step> page(Tx tx, UserId user, TaskId task, int after, int limit, int offset) {
    return tx.sql(
            """
            select step, attempt, kind, title, status, provider, model, tokens_in, tokens_out,
                   trim_scale(cost_usd) as cost_usd, error, error_type, started_at, completed_at
              from task_steps
             where user_id = :user and task_id = :task and step > :after
             order by step, attempt
             limit :limit offset :offset
            """)
        .param("user", user.value())
        .param("task", task.value())
        .param("after", after)
        .param("limit", limit)
        .param("offset", offset)
        .query((row, _) -> step(row))
        .list();
  }

  /// The newest attempt of a step, with what went in and came out, each cut where it is too long.
  Optional<Step.Whole> whole(Tx tx, UserId user, TaskId task, int step, int charsMax) {
    return tx.sql(
            """
            select step, attempt, kind, title, status, provider, model, tokens_in, tokens_out,
                   trim_scale(cost_usd) as cost_usd, error, error_type, started_at, completed_at,
                   left(input::text, :chars + 1) as input, left(output::text, :chars + 1) as output
              from task_steps
             where user_id = :user and task_id = :task and step = :step
             order by attempt desc
             limit 1
            """)
        .param("user", user.value())
        .param("task", task.value())
        .param("step", step)
        .param("chars", charsMax)
        .query(
            (row, _) -> new Step.Whole(step(row), row.getString("input"), row.getString("output")))
        .optional();
  }

  private static Step step(ResultSet row) throws SQLException {
    return new Step(
        row.getInt("step"),
        row.getInt("attempt"),
        kind(row),
        row.getString("title"),
        status(row),
        row.getString("provider"),
        row.getString("model"),
        row.getObject("tokens_in", Long.class),
        row.getObject("tokens_out", Long.class),
        row.getBigDecimal("cost_usd"),
        row.getString("error"),
        row.getString("error_type"),
        time(row, "started_at").orElseThrow(),
        time(row, "completed_at").orElse(null));
  }

  private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
        .map(OffsetDateTime::toInstant);
  }

  private static StepKind kind(ResultSet row) throws SQLException {
    return StepKind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT));
  }

  private static StepStatus status(ResultSet row) throws SQLException {
    return StepStatus.valueOf(row.getString("status").toUpperCase(Locale.ROOT));
  }
}
