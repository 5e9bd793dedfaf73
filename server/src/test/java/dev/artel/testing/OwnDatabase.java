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
import java.util.UUID;

/// A second PostgreSQL, for services and buses that must be the only ones to take work: whatever
/// runs over the test database would take it too. Test classes use it one after another and leave
/// nothing running.
public final class OwnDatabase {
  private static final class Holder {
    static final DbSettings SETTINGS = start();
    static final Db DB = Db.open(SETTINGS);
  }

  private OwnDatabase() {}

  public static DbSettings settings() {
    return Holder.SETTINGS;
  }

  public static Db db() {
    return Holder.DB;
  }

  /// A user of their own for a test.
  public static UserId newUser() {
    var user = new UserId(UUID.randomUUID());
    db().does(
            user,
            tx -> tx.sql("insert into users (id) values (:id)").param("id", user.value()).update());
    return user;
  }

  private static DbSettings start() {
    try {
      Path home = Files.createTempDirectory("artel-own");
      var database = EmbeddedDatabase.start(home);
      Runtime.getRuntime().addShutdownHook(new Thread(database::close));
      var settings =
          new DbSettings(
              database.address("artel_app"),
              database.address("artel_owner"),
              database.address("artel_dispatch"),
              10,
              10,
              Duration.ofSeconds(30));
      Migrations.apply(settings.owner());
      return settings;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
