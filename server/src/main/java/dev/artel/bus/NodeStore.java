package dev.artel.bus;

import dev.artel.db.Tx;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;

/// The SQL of the processes that take work. It belongs to no user: all of it runs as the dispatch
/// role.
final class NodeStore {
  /// A process that was silent for that many leases is not coming back.
  private static final int FORGOTTEN_AFTER_LEASES = 10;

  /// Tells that this process lives.
  ///
  /// @return whether another one does
  boolean beat(Tx dispatch, UUID node, int active, BusLimits limits) {
    dispatch
        .sql(
            """
            insert into bus_nodes (id, active, capacity) values (:node, :active, :capacity)
            on conflict (id) do update
               set heartbeat_at = artel_now(), active = excluded.active
            """)
        .param("node", node)
        .param("active", active)
        .param("capacity", limits.runningPerNode())
        .update();
    dispatch
        .sql(
            """
            delete from bus_nodes where heartbeat_at < artel_now() - :silent * interval '1 millisecond'
            """)
        .param("silent", limits.lease().multipliedBy(FORGOTTEN_AFTER_LEASES).toMillis())
        .update();
    return dispatch
        .sql(
            """
            select exists (select 1 from bus_nodes
                            where id <> :node
                              and heartbeat_at > artel_now() - :lease * interval '1 millisecond')
            """)
        .param("node", node)
        .param("lease", limits.lease().toMillis())
        .query(Boolean.class)
        .single();
  }

  void leave(Tx dispatch, UUID node) {
    dispatch.sql("delete from bus_nodes where id = :node").param("node", node).update();
  }

  /// A process that takes work.
  ///
  /// @param active tasks that ran there at its last sign of life
  /// @param healthy whether that was within a lease
  record Node(UUID node, Instant since, int active, boolean healthy) {}

  List<Node> all(Tx dispatch, Duration lease) {
    return dispatch
        .sql(
            """
            select id, since, active,
                   heartbeat_at > artel_now() - :lease * interval '1 millisecond' as healthy
              from bus_nodes order by since, id
            """)
        .param("lease", lease.toMillis())
        .query((row, _) ->
            new Node(
                row.getObject("id", UUID.class),
                row.getObject("since", OffsetDateTime.class).toInstant(),
                row.getInt("active"),
                row.getBoolean("healthy")))
        .list();
  }
}
