package dev.artel.ops;

import dev.artel.db.Db;
import dev.artel.db.Migrations;
import dev.artel.http.HealthSource;
import org.springframework.dao.DataAccessException;

/// Whether the schema is one that this service can serve: a newer service may have moved it on.
final class SchemaHealth implements HealthSource {
  private final Db db;

  SchemaHealth(Db db) {
    this.db = db;
  }

  @Override
  public String part() {
    return "schema";
  }

  @Override
  public State state() {
    try {
      int minReader =
          db.unbound(
              tx -> tx.sql("select min_reader from artel_schema").query(Integer.class).single());
      return minReader <= Migrations.SCHEMA_VERSION
          ? State.well()
          : State.failed("needs a newer service");
    } catch (DataAccessException _) {
      return State.failed("cannot be read");
    }
  }
}
