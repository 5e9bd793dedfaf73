package dev.artel.db;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;

/// Brings the schema forward on start, and refuses one that this service cannot serve.
public final class Migrations {
  /// The newest schema that this service knows.
  public static final int SCHEMA_VERSION = 6;

  private Migrations() {}

  /// Applies what is missing, as `artel_owner`. Doing it again changes nothing.
  ///
  /// @throws IllegalStateException when the schema is newer than this service can read
  public static void apply(DbSettings.Address owner) {
    refuseTooNew(owner);
    Flyway.configure()
        .dataSource(owner.url(), owner.user(), owner.password())
        .locations("classpath:db")
        .sqlMigrationPrefix("V")
        .validateMigrationNaming(true)
        .ignoreMigrationPatterns("*:future")
        .cleanDisabled(true)
        .load()
        .migrate();
  }

  private static void refuseTooNew(DbSettings.Address owner) {
    try (Connection connection =
            DriverManager.getConnection(owner.url(), owner.user(), owner.password());
        var statement = connection.createStatement()) {
      try (var known = statement.executeQuery("select to_regclass('artel_schema') is not null")) {
        if (!known.next() || !known.getBoolean(1)) {
          return;
        }
      }
      try (var row = statement.executeQuery("select version, min_reader from artel_schema")) {
        if (row.next() && row.getInt("min_reader") > SCHEMA_VERSION) {
          throw new IllegalStateException(
              "the database has schema version %d, which needs a service of schema %d or newer; this one knows %d. Start a newer Artel, or restore the backup from before the upgrade."
                  .formatted(row.getInt("version"), row.getInt("min_reader"), SCHEMA_VERSION));
        }
      }
    } catch (SQLException failure) {
      throw new IllegalStateException(
          "PostgreSQL cannot be reached as artel_owner: " + failure.getMessage(), failure);
    }
  }
}
