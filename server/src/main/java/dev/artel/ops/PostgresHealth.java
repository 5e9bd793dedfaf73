package dev.artel.ops;

import dev.artel.db.Db;
import dev.artel.http.HealthSource;
import java.time.Duration;

/// Whether the system of record answers.
final class PostgresHealth implements HealthSource {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Db db;

  PostgresHealth(Db db) {
    this.db = db;
  }

  @Override
  public String part() {
    return "postgresql";
  }

  @Override
  public State state() {
    return db.answers(PATIENCE) ? State.well() : State.failed("does not answer");
  }
}
