package dev.artel.bus;

import dev.artel.db.Tx;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.UserId;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The SQL of claims and their leases. It crosses users: all of it runs as the dispatch role and is
/// listed in docs/deliberate.md.
final class LeaseStore {
  private static final long CLAIM_LOCK = 0x617274656CL;

  /// One claimer at a time, so that an agent's limit is exact however many processes claim. It
  /// steps from agent to agent along the index of what waits and takes from each no more than has a
  /// place, so that long queues cost nothing. Users with less that runs come first, then those who
  /// were served longer ago; within a user, urgent work, then the oldest; a session's messages one
  /// by one. A task that its user is just changing is passed over: the claim waits for nobody.
  static final String CLAIM =
      """
      with recursive
      clock as materialized (select artel_now() as moment),
      waiting (user_id, agent_id) as (
        (select t.user_id, t.agent_id from tasks t
          where t.status = 'queued' and t.unmet = 0
          order by t.user_id, t.agent_id limit 1)
        union all
        select n.user_id, n.agent_id
          from waiting w
         cross join lateral
               (select t.user_id, t.agent_id from tasks t
                 where t.status = 'queued' and t.unmet = 0
                   and (t.user_id, t.agent_id) > (w.user_id, w.agent_id)
                 order by t.user_id, t.agent_id limit 1) n
      ),
      ready as (
        select t.user_id, t.id, t.priority, t.run_after
          from waiting w
          join user_agents a on a.user_id = w.user_id and a.id = w.agent_id
           and a.bus_state in ('registered', 'draining')
         cross join lateral
               (select greatest(0, a.concurrency_limit - count(*)) as free
                  from tasks r
                 where r.user_id = w.user_id and r.agent_id = w.agent_id
                   and r.status = 'running') place
         cross join lateral
               (select q.user_id, q.id, q.priority, q.run_after
                  from tasks q
                 where q.user_id = w.user_id and q.agent_id = w.agent_id
                   and q.status = 'queued' and q.unmet = 0
                   and q.priority >= :least and q.run_after <= (select moment from clock)
                   and not exists
                       (select 1 from tasks o
                         where o.user_id = q.user_id and o.session_id = q.session_id and o.id <> q.id
                           and q.kind = 'message' and o.kind = 'message'
                           and (o.status in ('running', 'awaiting_approval', 'awaiting_runner')
                                or (o.status = 'queued' and (o.position, o.id) < (q.position, q.id))))
                 order by q.priority desc, q.run_after, q.id
                 limit place.free) t
      ),
      shares as (
        select u.user_id, s.turn,
               (select count(*) from tasks r
                 where r.user_id = u.user_id and r.status = 'running') as has
          from (select distinct user_id from ready) u
          left join unnest(:served) with ordinality s (user_id, turn) on s.user_id = u.user_id
      ),
      chosen as (
        select r.user_id, r.id
          from ready r join shares s on s.user_id = r.user_id
         order by r.priority desc,
                  s.has + row_number() over (partition by r.user_id
                                             order by r.priority desc, r.run_after, r.id),
                  s.turn nulls first, r.run_after
         limit :places
      ),
      taken as (
        select t.user_id, t.id
          from tasks t join chosen c on c.user_id = t.user_id and c.id = t.id
         where t.status = 'queued'
           for no key update of t skip locked
      )
      update tasks t
         set status = 'running', waiting_on = null,
             lease_owner = :node, lease_until = artel_now() + :lease * interval '1 second',
             fence = fence + 1, attempts = attempts + 1,
             started_at = coalesce(started_at, artel_now()), claimed_at = artel_now(),
             deadline_at = artel_now() + :running_time * interval '1 second' - running_ms * interval '1 millisecond'
        from taken c
       where t.user_id = c.user_id and t.id = c.id
      returning t.user_id, t.id, t.project_id, t.session_id, t.agent_id, t.agent_version, t.fence,
                t.attempts, t.retries, t.running_ms,
                extract(epoch from artel_now() - t.created_at) * 1000 as waited_ms
      """;

  /// What a look found.
  ///
  /// @param nextDue when nothing was ready: the time until something is, null for none
  record Look(List<Claim> claims, @Nullable Duration nextDue) {}

  /// Claims tasks of all users for this process. Runs as the dispatch role.
  ///
  /// The transaction does not wait until the disk has it. That is safe:
  /// - Nothing is told of a claim, and the first write under it, the take-up, waits for the disk.
  ///   The log of a database is written in order, so that what waits takes the claim along. A claim
  ///   under which anything was written is as durable as that.
  /// - Only a crash of the database before the take-up loses it. The task then waits as before, and
  ///   its next claim has the same fencing number. Each write compares the claim's process too, so
  ///   that a process whose claim was lost writes nothing under another's; and a process that gets
  ///   the same claim again goes on with the run it has (`Runs`), so that no two runs can hold one.
  ///
  /// @param served whom this process served last, the latest last
  Look claim(Tx dispatch, UUID node, Overload.Room room, List<UserId> served, BusLimits limits) {
    dispatch
        .sql(
            """
            select set_config('lock_timeout', '1s', true),
                   set_config('synchronous_commit', 'off', true)
            """)
        .query(row -> {});
    dispatch.sql("select pg_advisory_xact_lock(:lock)").param("lock", CLAIM_LOCK).query(row -> {});
    List<Claim> claims =
        dispatch
            .sql(CLAIM)
            .param("places", room.places())
            .param("least", room.least().level())
            .param("served", array(dispatch, "uuid", served, UserId::value))
            .param("node", node)
            .param("lease", seconds(limits.lease()))
            .param("running_time", seconds(limits.runningTime()))
            .query((row, _) -> claim(row, node, limits))
            .list();
    return new Look(claims, claims.isEmpty() ? nextDue(dispatch) : null);
  }

  private static Claim claim(ResultSet row, UUID node, BusLimits limits) throws SQLException {
    return new Claim(
        new UserId(row.getObject("user_id", UUID.class)),
        new TaskId(row.getObject("id", UUID.class)),
        new ProjectId(row.getObject("project_id", UUID.class)),
        session(row),
        new AgentId(row.getObject("agent_id", UUID.class)),
        row.getInt("agent_version"),
        row.getLong("fence"),
        row.getInt("fence"),
        row.getInt("attempts") - row.getInt("retries"),
        row.getInt("retries"),
        Duration.ofMillis(row.getLong("waited_ms")),
        limits.runningTime().minusMillis(row.getLong("running_ms")),
        node);
  }

  private static @Nullable SessionId session(ResultSet row) throws SQLException {
    UUID session = row.getObject("session_id", UUID.class);
    return session == null ? null : new SessionId(session);
  }

  /// When the next task that waits for its time is due.
  private static @Nullable Duration nextDue(Tx dispatch) {
    return dispatch
        .sql(
            """
            select ceil(extract(epoch from t.run_after - artel_now()) * 1000) as millis
              from tasks t
             where t.status = 'queued' and t.run_after > (select artel_now())
             order by t.run_after limit 1
            """)
        .query(Double.class)
        .optional()
        .map(millis -> Duration.ofMillis(Math.max(1, millis.longValue())))
        .orElse(null);
  }

  private static double seconds(Duration duration) {
    return (double) duration.toMillis() / 1000;
  }

  /// Keeps the claims of this process that are still its own. Runs as the dispatch role.
  ///
  /// @return the tasks that were kept, each with whether its user asked to stop it; the others are
  ///   lost or gone
  Map<TaskId, Boolean> renew(Tx dispatch, UUID node, Duration lease, List<Claim> claims) {
    Map<TaskId, Boolean> kept = new HashMap<>();
    dispatch
        .sql(
            """
            update tasks t set lease_until = artel_now() + :lease * interval '1 second'
              from unnest(:users, :tasks, :fences) as c (user_id, id, fence)
             where t.user_id = c.user_id and t.id = c.id and t.fence = c.fence
               and t.lease_owner = :node and t.status = 'running'
            returning t.id, t.stop_requested
            """)
        .param("users", array(dispatch, "uuid", claims, claim -> claim.user().value()))
        .param("tasks", array(dispatch, "uuid", claims, claim -> claim.task().value()))
        .param("fences", array(dispatch, "bigint", claims, Claim::fence))
        .param("node", node)
        .param("lease", seconds(lease))
        .query(row -> {
          kept.put(new TaskId(row.getObject("id", UUID.class)), row.getBoolean("stop_requested"));
        });
    return kept;
  }

  private static <T> Array array(Tx tx, String type, List<T> values, Function<T, Object> value) {
    try {
      return tx.connection().createArrayOf(type, values.stream().map(value).toArray());
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }

  /// Offers tasks again whose process fell silent. Runs as the dispatch role.
  ///
  /// @return how many
  int reclaim(Tx dispatch) {
    return dispatch
        .sql(
            """
            update tasks
               set status = 'queued', lease_owner = null,
                   running_ms = running_ms + greatest(0, extract(epoch from lease_until - claimed_at) * 1000),
                   lease_until = null
             where (user_id, id) in
                   (select user_id, id from tasks
                     where status = 'running' and lease_until < artel_now()
                       for no key update skip locked)
            """)
        .update();
  }
}
