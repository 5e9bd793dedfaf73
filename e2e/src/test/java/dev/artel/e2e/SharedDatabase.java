package dev.artel.e2e;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;

/// One database for several services, as an operator sets it up: a role for each purpose, and
/// nothing in it.
final class SharedDatabase implements AutoCloseable {
  private static final String SETUP =
      """
      create role artel_owner login password 'owner';
      create role artel_app login password 'app';
      create role artel_dispatch login password 'dispatch';
      """;

  private final EmbeddedPostgres server;

  private SharedDatabase(EmbeddedPostgres server) {
    this.server = server;
  }

  static SharedDatabase start() throws IOException, SQLException {
    var server =
        EmbeddedPostgres.builder()
            .setServerConfig("max_connections", "200")
            .setServerConfig("listen_addresses", "127.0.0.1")
            .start();
    try (var connection = DriverManager.getConnection(server.getJdbcUrl("postgres", "postgres"));
        var statement = connection.createStatement()) {
      statement.execute(SETUP);
      statement.execute("create database artel owner artel_owner");
    }
    return new SharedDatabase(server);
  }

  /// The settings by which a service finds it.
  Map<String, String> settings() {
    return Map.of(
        "ARTEL_DATABASE_URL", url("artel_app", "app"),
        "ARTEL_DATABASE_OWNER_URL", url("artel_owner", "owner"),
        "ARTEL_DATABASE_DISPATCH_URL", url("artel_dispatch", "dispatch"));
  }

  private String url(String role, String password) {
    return "postgresql://%s:%s@127.0.0.1:%d/artel".formatted(role, password, server.getPort());
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
