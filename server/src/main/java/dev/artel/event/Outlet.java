package dev.artel.event;

import dev.artel.http.Sink;
import java.io.IOException;
import java.util.List;

/// The writing end of one connection. One thread writes; another may cut a write that the client
/// does not take, and nothing but a write is ever interrupted.
final class Outlet {
  private static final int BATCH_LINES = 32;
  private static final int BATCH_BYTES = 64 * 1024;

  private final Sink sink;
  private final Format format;
  private final Thread thread = Thread.currentThread();
  private boolean writing;
  private boolean cut;
  private long sinceNanos;
  private long sent;

  Outlet(Sink sink, Format format) {
    this.sink = sink;
    this.format = format;
  }

  /// Whether no more lines should be joined into one write.
  static boolean full(int lines, long bytes) {
    return lines >= BATCH_LINES || bytes >= BATCH_BYTES;
  }

  /// Writes the lines, as many at once as are well joined. Blocks until the client takes them.
  void write(List<Line> lines) throws IOException {
    int from = 0;
    while (from < lines.size()) {
      int to = from;
      long bytes = 0;
      while (to < lines.size() && !full(to - from, bytes)) {
        bytes += lines.get(to).size();
        to++;
      }
      writeAtOnce(lines.subList(from, to));
      from = to;
    }
  }

  private void writeAtOnce(List<Line> lines) throws IOException {
    byte[] bytes = lines.size() == 1 ? lines.getFirst().bytes(format) : joined(lines);
    begin();
    try {
      sink.write(bytes, 0, bytes.length);
      sink.flush();
    } finally {
      end();
    }
    if (wasCut()) {
      throw new IOException("cut");
    }
    sent += lines.size();
  }

  private byte[] joined(List<Line> lines) {
    int length = 0;
    for (Line line : lines) {
      length += line.bytes(format).length;
    }
    byte[] joined = new byte[length];
    int at = 0;
    for (Line line : lines) {
      byte[] bytes = line.bytes(format);
      System.arraycopy(bytes, 0, joined, at, bytes.length);
      at += bytes.length;
    }
    return joined;
  }

  private synchronized void begin() {
    writing = true;
    sinceNanos = System.nanoTime();
  }

  private synchronized void end() {
    writing = false;
    if (cut) {
      // The container goes on to use this thread; it must not find the interrupt.
      boolean _ = Thread.interrupted();
    }
  }

  /// How long the present write has been waiting for the client; 0 when there is none.
  synchronized long blockedNanos(long nowNanos) {
    return writing ? nowNanos - sinceNanos : 0;
  }

  /// Ends the present write, if there is one, and with it the connection.
  synchronized void cut() {
    if (writing) {
      cut = true;
      thread.interrupt();
    }
  }

  synchronized boolean wasCut() {
    return cut;
  }

  /// Lines that the client has taken. For the writing thread.
  long sent() {
    return sent;
  }
}
