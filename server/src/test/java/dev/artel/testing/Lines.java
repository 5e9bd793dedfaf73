package dev.artel.testing;

import dev.artel.protocol.WireCodec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// An open stream of lines, read in the background as they come. Closing it hangs up.
public final class Lines implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final int status;
  private final Map<String, List<String>> headers;
  private final InputStream body;
  private final BlockingQueue<Optional<String>> arrived = new LinkedBlockingQueue<>();

  Lines(int status, Map<String, List<String>> headers, InputStream body) {
    this.status = status;
    this.headers = headers;
    this.body = body;
    Thread.ofVirtual().start(this::read);
  }

  private void read() {
    try (var reader = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        arrived.add(Optional.of(line));
      }
    } catch (IOException _) {
      // Cut off: to the reader the stream has ended, which is told below.
    }
    arrived.add(Optional.empty());
  }

  public int status() {
    return status;
  }

  public Map<String, List<String>> headers() {
    return headers;
  }

  /// The next line, or null when the stream has ended. Fails when neither comes.
  public @Nullable String next() {
    try {
      Optional<String> line = arrived.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      if (line == null) {
        throw new AssertionError("no line and no end within " + PATIENCE);
      }
      if (line.isEmpty()) {
        arrived.add(line);
        return null;
      }
      return line.get();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", interrupted);
    }
  }

  /// The next line as JSON. Fails when the stream has ended.
  public JsonNode json() {
    String line = next();
    if (line == null) {
      throw new AssertionError("the stream has ended");
    }
    return WireCodec.json().readTree(line);
  }

  /// The first of the coming lines that fits; those before it are passed over.
  public JsonNode until(Predicate<JsonNode> fits) {
    JsonNode line = json();
    while (!fits.test(line)) {
      line = json();
    }
    return line;
  }

  @Override
  public void close() {
    try {
      body.close();
    } catch (IOException _) {
      // Hanging up cannot fail in a way that matters.
    }
  }
}
