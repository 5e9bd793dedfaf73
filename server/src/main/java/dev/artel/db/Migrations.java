package dev.artel.db;

import dev.artel.base.CannotStart;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;

/// Brings the schema forward on start, and refuses one that this service cannot serve.
public final class Migrations {
  /// The newest schema that this service knows.
  public static final int SCHEMA_VERSION = 6;

  /// `nulls not distinct`, `security_invoker` and `set null (column)` came with it.
  private static final int POSTGRESQL_MIN = 15;

  private Migrations() {}

  /// Applies what is missing, as `artel_owner`. Doing it again changes nothing.
  ///
  /// @throws CannotStart when the server is too old, or the schema newer than this service can read
  public static void apply(DbSettings.Address owner) {
    refuseForeign(owner);
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

  private static void refuseForeign(DbSettings.Address owner) {
    try (Connection connection =
            DriverManager.getConnection(owner.url(), owner.user(), owner.password());
        var statement = connection.createStatement()) {
      int major = connection.getMetaData().getDatabaseMajorVersion();
      if (major < POSTGRESQL_MIN) {
        throw new CannotStart(
            "the database is PostgreSQL %d and must be %d or newer: upgrade it, or unset the three ARTEL_DATABASE_…URL to use the embedded one"
                .formatted(major, POSTGRESQL_MIN));
      }
      try (var known = statement.executeQuery("select to_regclass('artel_schema') is not null")) {
        if (!known.next() || !known.getBoolean(1)) {
          return;
        }
      }
      try (var row = statement.executeQuery("select version, min_reader from artel_schema")) {
        if (row.next() && row.getInt("min_reader") > SCHEMA_VERSION) {
          throw new CannotStart(
              "the database has schema version %d, which needs a service of schema %d or newer; this one knows %d. Start a newer Artel, or restore the backup from before the upgrade."
                  .formatted(row.getInt("version"), row.getInt("min_reader"), SCHEMA_VERSION));
        }
      }
    } catch (SQLException failure) {
      throw new CannotStart(
          "PostgreSQL cannot be reached as artel_owner (%s): check that it runs and ARTEL_DATABASE_OWNER_URL"
              .formatted(firstLine(failure)),
          failure);
    }
  }

  /// The driver's later lines quote the statement or the server's settings.
  private static String firstLine(SQLException failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("no reason given");
  }
}
