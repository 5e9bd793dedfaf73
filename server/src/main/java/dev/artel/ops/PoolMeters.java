package dev.artel.ops;

import dev.artel.db.Db;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/// The connection pool that serves, as gauges.
final class PoolMeters {
  private PoolMeters() {}

  static void bind(Db db, MeterRegistry meters) {
    gauge(db, meters, "size", "connections that are open", Db.PoolState::total);
    gauge(
        db,
        meters,
        "available",
        "connections that are idle or may still be opened",
        pool -> pool.max() - pool.active());
    gauge(db, meters, "active", "connections in use", Db.PoolState::active);
    gauge(db, meters, "waiting", "threads that wait for one", Db.PoolState::waiting);
    gauge(db, meters, "max", "connections that may be open", Db.PoolState::max);
  }

  private static void gauge(
      Db db, MeterRegistry meters, String name, String what, ToDoubleFunction<Db.PoolState> value) {
    Gauge.builder("db.connection.pool." + name, db, d -> value.applyAsDouble(d.pool()))
        .description("Database connections of the serving pool: " + what)
        .register(meters);
  }
}
