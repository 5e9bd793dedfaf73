package dev.artel.db;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hears what processes tell each other through PostgreSQL, on a connection of its own outside the
/// pools, which it opens again when it is lost. What is told meanwhile is not heard.
public final class Listening implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Listening.class);
  private static final Duration AGAIN = Duration.ofSeconds(1);
  private static final Duration ROUND = Duration.ofSeconds(10);

  private final DbSettings.Address address;
  private final String channel;
  private final Runnable connected;
  private final Consumer<String> heard;
  private final Thread thread;
  private volatile boolean closed;
  private volatile @Nullable Connection connection;

  /// @param channel a plain SQL name
  /// @param connected called whenever listening begins: something may have been missed
  /// @param heard called with each text; must not block for long
  Listening(
      DbSettings.Address address, String channel, Runnable connected, Consumer<String> heard) {
    this.address = address;
    this.channel = channel;
    this.connected = connected;
    this.heard = heard;
    this.thread = Thread.ofPlatform().daemon().name("listen-" + channel).start(this::listen);
  }

  private void listen() {
    while (!closed) {
      try (Connection own = open()) {
        connection = own;
        try (var statement = own.createStatement()) {
          statement.execute("listen " + channel);
        }
        connected.run();
        hear(own.unwrap(PGConnection.class));
      } catch (SQLException | RuntimeException lost) {
        if (!closed) {
          log.warn("listening to {} is begun again: {}", channel, lost.toString());
          pause();
        }
      }
    }
  }

  private void hear(PGConnection own) throws SQLException {
    while (!closed) {
      PGNotification[] told = own.getNotifications((int) ROUND.toMillis());
      for (PGNotification one : told == null ? new PGNotification[0] : told) {
        heard.accept(one.getParameter());
      }
    }
  }

  private Connection open() throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", address.user());
    properties.setProperty("password", address.password());
    properties.setProperty("ApplicationName", "artel-listen");
    properties.setProperty("tcpKeepAlive", "true");
    return DriverManager.getConnection(address.url(), properties);
  }

  private void pause() {
    try {
      Thread.sleep(AGAIN);
    } catch (InterruptedException _) {
      closed = true;
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    Connection open = connection;
    try {
      if (open != null) {
        open.close();
      }
    } catch (SQLException failure) {
      log.debug("the listening connection was gone already: {}", failure.getMessage());
    }
  }
}
