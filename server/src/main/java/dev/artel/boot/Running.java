package dev.artel.boot;

import java.util.Objects;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/// A service that serves. Closing it drains and stops everything it started.
public final class Running implements AutoCloseable {
  private final ConfigurableApplicationContext context;
  private final DataFolder folder;

  Running(ConfigurableApplicationContext context, DataFolder folder) {
    this.context = context;
    this.folder = folder;
  }

  /// The port that it listens on.
  public int port() {
    return Objects.requireNonNull(((WebServerApplicationContext) context).getWebServer()).getPort();
  }

  /// A door of the running service, for tests that look behind the API.
  public <T> T door(Class<T> kind) {
    return context.getBean(kind);
  }

  @Override
  public void close() {
    try (folder) {
      context.close();
    }
  }
}
