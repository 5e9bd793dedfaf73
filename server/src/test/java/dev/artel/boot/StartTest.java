package dev.artel.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.artel.base.CannotStart;
import dev.artel.db.DbSettings;
import dev.artel.db.EmbeddedDatabase;
import dev.artel.db.Migrations;
import dev.artel.testing.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartTest {
  @TempDir Path home;

  @Test
  void a_taken_port_is_told_with_the_remedy_and_the_folder_is_free_again() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Config config = config(Map.of("ARTEL_PORT", Integer.toString(taken.getLocalPort())));

      assertThat(refusal(config))
          .isEqualTo(
              "port %d is taken: stop what uses it, or choose another with ARTEL_PORT (./dev up --port %d)"
                  .formatted(taken.getLocalPort(), taken.getLocalPort() + 1));
    }
    DataFolder.take(home).close();
  }

  @Test
  void a_second_service_on_the_same_folder_is_refused_until_the_first_has_closed() {
    Config config = config(Map.of());
    try (var _ = Artel.start(config)) {
      assertThat(refusal(config))
          .isEqualTo(
              "another Artel (process %d) already runs on %s: use it, stop it, or choose another folder with ARTEL_HOME (./dev up --home DIR)"
                  .formatted(ProcessHandle.current().pid(), home));
    }
    try (var again = Artel.start(config)) {
      assertThat(again.port()).isPositive();
    }
  }

  @Test
  void a_folder_that_cannot_be_written_is_told_with_the_remedy() throws IOException {
    Path file = Files.createFile(home.resolve("file"));

    assertThat(refusal(config(Map.of("ARTEL_HOME", file.resolve("below").toString()))))
        .isEqualTo(
            "the data folder %s cannot be written: make it yours, or choose another with ARTEL_HOME (./dev up --home DIR)"
                .formatted(file.resolve("below")));
  }

  @Test
  void a_folder_of_another_postgresql_major_is_left_alone() throws IOException {
    Path version = Files.createDirectories(home.resolve("postgresql/data")).resolve("PG_VERSION");
    Files.writeString(version, "17\n");

    assertThat(refusal(Config.of(Map.of("ARTEL_HOME", home.toString(), "ARTEL_PORT", "0"))))
        .isEqualTo(
            "%s was written by PostgreSQL 17; this Artel brings 18. Start the Artel that wrote it, or choose another folder with ARTEL_HOME (./dev up --home DIR)"
                .formatted(version.getParent()));
  }

  @Test
  void nobody_else_comes_near_the_programs_of_the_embedded_postgresql() throws IOException {
    Path data = Files.createDirectories(home.resolve("postgresql/data"));
    Files.writeString(data.resolve("PG_VERSION"), "17\n");

    assertThatThrownBy(() -> EmbeddedDatabase.start(home)).isInstanceOf(CannotStart.class);
    assertThat(Files.getPosixFilePermissions(data.getParent()))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void a_database_that_does_not_answer_is_told_without_its_password() {
    String nowhere = "postgresql://artel_app:hushhush@127.0.0.1:1/artel";

    assertThat(
            refusal(
                config(
                    Map.of(
                        "ARTEL_DATABASE_URL", nowhere,
                        "ARTEL_DATABASE_OWNER_URL", nowhere,
                        "ARTEL_DATABASE_DISPATCH_URL", nowhere))))
        .startsWith("PostgreSQL cannot be reached as artel_owner")
        .contains("ARTEL_DATABASE_OWNER_URL")
        .doesNotContain("hushhush");
  }

  @Test
  void a_schema_from_the_future_is_refused() throws SQLException {
    try (var database = EmbeddedDatabase.start(home)) {
      DbSettings.Address owner = database.address("artel_owner");
      Migrations.apply(owner);
      try (var connection =
              DriverManager.getConnection(owner.url(), owner.user(), owner.password());
          var statement = connection.createStatement()) {
        statement.execute("update artel_schema set version = 99, min_reader = 98");
      }

      assertThatThrownBy(() -> Migrations.apply(owner))
          .isInstanceOf(CannotStart.class)
          .hasMessageStartingWith(
              "the database has schema version 99, which needs a service of schema 98 or newer");
    }
  }

  private String refusal(Config config) {
    try (var _ = Artel.start(config)) {
      throw new AssertionError("started");
    } catch (RuntimeException failure) {
      CannotStart refusal = Refusals.of(failure);
      if (refusal == null) {
        throw failure;
      }
      return refusal.line();
    }
  }

  private Config config(Map<String, String> settings) {
    DbSettings database = TestDatabase.settings();
    var environment = new HashMap<String, String>();
    environment.put("ARTEL_HOME", home.toString());
    environment.put("ARTEL_PORT", "0");
    environment.put("ARTEL_DATABASE_URL", url(database.app()));
    environment.put("ARTEL_DATABASE_OWNER_URL", url(database.owner()));
    environment.put("ARTEL_DATABASE_DISPATCH_URL", url(database.dispatch()));
    environment.putAll(settings);
    return Config.of(environment);
  }

  private static String url(DbSettings.Address address) {
    return Objects.requireNonNull(address.url())
        .replace(
            "jdbc:postgresql://",
            "postgresql://%s:%s@".formatted(address.user(), address.password()));
  }
}
