package dev.artel.event;

import dev.artel.http.Sink;
import dev.artel.protocol.WireCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The client's side of a stream in memory: takes what is written until it is told to stall or to
/// hang up.
final class MemorySink implements Sink {
  private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
  private final List<byte[]> writes = new ArrayList<>();
  private @Nullable CountDownLatch stalled;
  private boolean hungUp;
  private volatile boolean waiting;

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    CountDownLatch wait;
    synchronized (this) {
      if (hungUp) {
        throw new IOException("broken pipe");
      }
      wait = stalled;
    }
    if (wait != null) {
      waiting = true;
      try {
        wait.await();
      } catch (InterruptedException interrupted) {
        throw new InterruptedIOException("cut");
      } finally {
        waiting = false;
      }
    }
    synchronized (this) {
      taken.write(bytes, offset, length);
      writes.add(bytes);
    }
  }

  @Override
  public void flush() {}

  /// Takes nothing more until `drain`.
  synchronized void stall() {
    stalled = new CountDownLatch(1);
  }

  synchronized void drain() {
    if (stalled != null) {
      stalled.countDown();
      stalled = null;
    }
  }

  synchronized void hangUp() {
    hungUp = true;
  }

  /// Whether a write waits for the client.
  boolean waiting() {
    return waiting;
  }

  /// The arrays that were handed over, as they were.
  synchronized List<byte[]> writes() {
    return List.copyOf(writes);
  }

  synchronized String text() {
    return taken.toString(StandardCharsets.UTF_8);
  }

  /// Everything that came, line by line.
  List<JsonNode> lines() {
    return text().lines().map(line -> WireCodec.json().readTree(line)).toList();
  }

  /// The ids of the logged events that came, in the order in which they came.
  List<String> ids() {
    return lines().stream()
        .filter(line -> !line.get("event_id").isNull())
        .map(line -> line.get("event_id").stringValue())
        .toList();
  }

  List<String> types() {
    return lines().stream().map(line -> line.get("event_type").stringValue()).toList();
  }
}
