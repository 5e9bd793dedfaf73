package dev.artel.db;

import dev.artel.base.CannotStart;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/// A PostgreSQL of Artel's own in one folder: durable, with passwords, on loopback only. One
/// process at a time uses a folder (the caller holds its lock). A server that outlived a killed
/// process is taken over.
public final class EmbeddedDatabase implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedDatabase.class);
  private static final String MAJOR = "18";
  private static final List<String> ROLES = List.of("artel_owner", "artel_app", "artel_dispatch");
  private static final Duration START_WAIT = Duration.ofSeconds(60);
  private static final Duration STOP_WAIT = Duration.ofSeconds(20);

  private final Path data;
  private final int port;
  private final Properties passwords;
  private final @Nullable EmbeddedPostgres owned;

  private EmbeddedDatabase(
      Path data, int port, Properties passwords, @Nullable EmbeddedPostgres owned) {
    this.data = data;
    this.port = port;
    this.passwords = passwords;
    this.owned = owned;
  }

  /// Starts the server of that folder, or takes over the one that already runs on it; makes the
  /// database and its roles when they are missing. Blocks until it answers.
  public static EmbeddedDatabase start(Path home) {
    Path folder = home.resolve("postgresql");
    Path data = folder.resolve("data");
    try {
      Files.createDirectories(folder);
      closeToOthers(folder);
      refuseOtherMajor(data);
      Path unfinished = folder.resolve("first-start");
      boolean fresh = begun(data, unfinished);
      Properties passwords = passwords(folder.resolve("passwords.properties"));
      Integer survivor = fresh ? null : survivor(data);
      EmbeddedDatabase database;
      if (survivor != null) {
        log.info("taking over the PostgreSQL that outlived an earlier process");
        database = new EmbeddedDatabase(data, survivor, passwords, null);
      } else {
        EmbeddedPostgres server = launch(folder, data, fresh ? null : passwords);
        database = new EmbeddedDatabase(data, server.getPort(), passwords, server);
      }
      try {
        database.prepare(fresh);
      } catch (Throwable failure) {
        database.close();
        throw failure;
      }
      Files.deleteIfExists(unfinished);
      return database;
    } catch (IOException failure) {
      throw new CannotStart(
          "the embedded PostgreSQL in %s did not start (%s): check that the disk has room and that the folder is yours alone"
              .formatted(folder, failure.getMessage()),
          failure);
    }
  }

  /// The library lets everybody write where it unpacks the programs that are then run: nobody else
  /// may come that far.
  private static void closeToOthers(Path folder) throws IOException {
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }
  }

  /// Whether the folder has no database yet. A first start that was cut short left half of one; its
  /// mark tells, and it is begun anew.
  private static boolean begun(Path data, Path unfinished) throws IOException {
    if (Files.exists(unfinished)) {
      FileSystemUtils.deleteRecursively(data);
    }
    boolean fresh = !Files.exists(data.resolve("PG_VERSION"));
    if (fresh && !Files.exists(unfinished)) {
      Files.createFile(unfinished);
    }
    return fresh;
  }

  private static EmbeddedPostgres launch(Path folder, Path data, @Nullable Properties passwords)
      throws IOException {
    // The library takes half-unpacked programs for whole ones.
    Path programs = folder.resolve("server");
    Path unfinished = folder.resolve("starting");
    if (Files.exists(unfinished)) {
      FileSystemUtils.deleteRecursively(programs);
    } else {
      Files.createFile(unfinished);
    }
    var builder =
        EmbeddedPostgres.builder()
            .setDataDirectory(data.toFile())
            .setOverrideWorkingDirectory(programs.toFile())
            .setCleanDataDirectory(false)
            .setRegisterShutdownHook(false)
            .setPGStartupWait(START_WAIT)
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("full_page_writes", "on")
            .setServerConfig("listen_addresses", "127.0.0.1")
            .setServerConfig("unix_socket_directories", "")
            .setServerConfig("max_connections", "100")
            .setServerConfig("shared_buffers", "128MB")
            .setServerConfig("password_encryption", "scram-sha-256")
            .setServerConfig("timezone", "UTC");
    if (passwords != null) {
      builder.setConnectConfig("password", passwords.getProperty("postgres"));
    }
    EmbeddedPostgres server = builder.start();
    Files.delete(unfinished);
    return server;
  }

  private static void refuseOtherMajor(Path data) throws IOException {
    Path version = data.resolve("PG_VERSION");
    if (Files.exists(version) && !Files.readString(version).strip().equals(MAJOR)) {
      throw new CannotStart(
          "%s was written by PostgreSQL %s; this Artel brings %s. Start the Artel that wrote it, or choose another folder with ARTEL_HOME (./dev up --home DIR)"
              .formatted(data, Files.readString(version).strip(), MAJOR));
    }
  }

  /// The port of a live server on that folder, by the file that PostgreSQL keeps there: its first
  /// line is the process id, its fourth the port.
  private static @Nullable Integer survivor(Path data) throws IOException {
    Path pidFile = data.resolve("postmaster.pid");
    if (!Files.exists(pidFile)) {
      return null;
    }
    List<String> lines = Files.readAllLines(pidFile);
    if (lines.size() < 4) {
      return null;
    }
    long pid = Long.parseLong(lines.getFirst().strip());
    boolean alive =
        ProcessHandle.of(pid)
            .flatMap(process -> process.info().command())
            .filter(command -> command.contains("postgres"))
            .isPresent();
    return alive ? Integer.valueOf(lines.get(3).strip()) : null;
  }

  private static Properties passwords(Path file) throws IOException {
    var passwords = new Properties();
    if (Files.exists(file)) {
      try (var reader = Files.newBufferedReader(file)) {
        passwords.load(reader);
      }
      return passwords;
    }
    var random = new SecureRandom();
    for (String role : List.of("postgres", "artel_owner", "artel_app", "artel_dispatch")) {
      byte[] secret = new byte[24];
      random.nextBytes(secret);
      passwords.setProperty(role, HexFormat.of().formatHex(secret));
    }
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    try (var writer = Files.newBufferedWriter(file)) {
      passwords.store(writer, null);
    }
    return passwords;
  }

  private void prepare(boolean fresh) {
    String password = fresh ? "" : passwords.getProperty("postgres");
    try (Connection connection =
            DriverManager.getConnection(url("postgres"), "postgres", password);
        var statement = connection.createStatement()) {
      for (String role : ROLES) {
        try (var known =
            statement.executeQuery("select 1 from pg_roles where rolname = '" + role + "'")) {
          if (known.next()) {
            continue;
          }
        }
        statement.execute(
            "create role %s login password '%s'".formatted(role, passwords.getProperty(role)));
      }
      boolean made;
      try (var known =
          statement.executeQuery("select 1 from pg_database where datname = 'artel'")) {
        made = known.next();
      }
      if (!made) {
        statement.execute("create database artel owner artel_owner");
        statement.execute("revoke all on database artel from public");
        statement.execute("grant connect on database artel to artel_app, artel_dispatch");
      }
      if (fresh) {
        statement.execute(
            "alter role postgres password '%s'".formatted(passwords.getProperty("postgres")));
        Files.writeString(
            data.resolve("pg_hba.conf"),
            """
            # Artel: this machine only, and only with a password.
            host all all 127.0.0.1/32 scram-sha-256
            """);
        statement.execute("select pg_reload_conf()");
      }
    } catch (SQLException | IOException failure) {
      throw new IllegalStateException(
          "the embedded PostgreSQL could not be prepared: " + failure.getMessage(), failure);
    }
  }

  private String url(String database) {
    return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, database);
  }

  /// The address of the database for one of the three roles.
  public DbSettings.Address address(String role) {
    return new DbSettings.Address(url("artel"), role, passwords.getProperty(role));
  }

  /// Stops the server and waits until its files are at rest.
  @Override
  public void close() {
    try {
      if (owned != null) {
        owned.close();
        return;
      }
      long pid =
          Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).getFirst().strip());
      var server = ProcessHandle.of(pid);
      if (server.isPresent()) {
        // SIGINT is PostgreSQL's fast shutdown; ProcessHandle can only send SIGTERM, which waits
        // for every client to leave.
        new ProcessBuilder("kill", "-INT", Long.toString(pid)).start().waitFor();
        server.get().onExit().get(STOP_WAIT.toSeconds(), TimeUnit.SECONDS);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (Exception failure) {
      log.warn("the embedded PostgreSQL did not stop cleanly: {}", failure.getMessage());
    }
  }
}
