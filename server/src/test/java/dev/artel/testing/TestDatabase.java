package dev.artel.testing;

import dev.artel.db.Db;
import dev.artel.db.DbSettings;
import dev.artel.db.EmbeddedDatabase;
import dev.artel.db.Migrations;
import dev.artel.protocol.UserId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.UUID;

/// One real PostgreSQL for all tests of a process, migrated once. Tests keep out of each other's
/// way by being different users, which row-level security enforces. With
/// `artel.test.database.{app,owner,dispatch}` (and `.password` each) an external server is used.
public final class TestDatabase {
  private static final class Holder {
    static final DbSettings SETTINGS = start();
    static final Db DB = Db.open(SETTINGS);
  }

  private TestDatabase() {}

  public static Db db() {
    return Holder.DB;
  }

  public static DbSettings settings() {
    return Holder.SETTINGS;
  }

  /// A user of their own for a test, with the row that a first request makes.
  public static UserId newUser() {
    var user = new UserId(UUID.randomUUID());
    db().does(
            user,
            tx -> tx.sql("insert into users (id) values (:id)").param("id", user.value()).update());
    return user;
  }

  private static DbSettings start() {
    DbSettings settings =
        System.getProperty("artel.test.database.app") != null ? external() : embedded();
    Migrations.apply(settings.owner());
    return settings;
  }

  private static DbSettings external() {
    return settings(address("artel_app"), address("artel_owner"), address("artel_dispatch"));
  }

  private static DbSettings.Address address(String role) {
    String property = "artel.test.database." + role.substring("artel_".length());
    return new DbSettings.Address(
        System.getProperty(property), role, System.getProperty(property + ".password"));
  }

  private static DbSettings embedded() {
    try {
      Path home = Files.createTempDirectory("artel-test");
      var database = EmbeddedDatabase.start(home);
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(() -> {
                database.close();
                delete(home);
              }));
      return settings(
          database.address("artel_app"),
          database.address("artel_owner"),
          database.address("artel_dispatch"));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static DbSettings settings(
      DbSettings.Address app, DbSettings.Address owner, DbSettings.Address dispatch) {
    return new DbSettings(app, owner, dispatch, 10, 20, Duration.ofSeconds(30));
  }

  private static void delete(Path folder) {
    try (var files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
