package dev.artel.e2e;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One of two services on one database, with a port and a folder of its own, that dies and is
/// started again.
final class Twin implements AutoCloseable {
  private final Path home;
  private final Path output;
  private final Map<String, String> settings;
  private final int port;
  private @Nullable Process process;

  /// @param settings what both services share
  Twin(Path home, Map<String, String> settings) throws IOException {
    this.home = home;
    this.output = Files.createDirectories(home).resolve("output.log");
    this.settings = settings;
    try (var free = new ServerSocket(0)) {
      this.port = free.getLocalPort();
    }
  }

  int port() {
    return port;
  }

  /// Starts it so that it dies at that place, if it comes to it; null for a life without an end.
  void start(@Nullable String crashAt) throws IOException {
    var own = new HashMap<>(settings);
    own.put("ARTEL_PORT", Integer.toString(port));
    if (crashAt != null) {
      own.put(Halt.VARIABLE, crashAt);
    }
    process =
        ArtelProcess.beside(classes(), home, own)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
            .start();
  }

  /// Waits until it is dead, and kills it when it lives longer than that.
  ///
  /// @return whether it died by itself
  boolean awaitDeath(Duration life) throws InterruptedException {
    if (process == null) {
      throw new IllegalStateException("it was never started");
    }
    boolean died = process.waitFor(life.toMillis(), TimeUnit.MILLISECONDS);
    if (!died) {
      process.destroyForcibly().waitFor();
    }
    return died;
  }

  String printed() throws IOException {
    return Files.readString(output);
  }

  private static Path classes() {
    return Path.of(Halt.class.getProtectionDomain().getCodeSource().getLocation().getPath());
  }

  void kill() throws InterruptedException {
    if (process != null) {
      process.destroyForcibly().waitFor();
    }
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly();
    }
  }
}
