package dev.artel.bench;

import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// One connection that follows a stream: takes NDJSON apart, in chunks or plain, and notes when
/// each logged line was complete. Written by the fleet's thread alone.
final class Follower {
  private static final String HEAD_END = "\r\n\r\n";

  /// Where `{"event_id":null` and `{"event_id":"…` differ: only the latter is an event of the log.
  private static final int TELLING_COLUMN = 12;

  private static final byte[] STAMP = "\"timestamp\":\"".getBytes(StandardCharsets.UTF_8);

  private enum Part {
    HEAD,
    SIZE,
    DATA,
    DATA_END
  }

  final SocketChannel channel;

  private Part part = Part.HEAD;
  private final StringBuilder head = new StringBuilder();
  private long remaining;
  private int column;
  private boolean logged;
  private int lineBytes;

  private boolean scanning = true;
  private boolean stamping;
  private byte[] line = new byte[0];
  private long[] arrivals = new long[16];
  private int arrived;
  private long scannedBytes;
  private final List<Long> stamps = new ArrayList<>();

  private volatile boolean opened;
  private volatile boolean closed;
  private volatile int lines;
  private volatile long bytes;
  volatile long askedNanos;

  Follower(SocketChannel channel) {
    this.channel = channel;
  }

  /// Whether the first line has come.
  boolean opened() {
    return opened;
  }

  boolean closed() {
    return closed;
  }

  void close() {
    closed = true;
  }

  /// Logged lines since the last reset, of one that scans.
  int lines() {
    return lines;
  }

  /// Payload bytes since the last reset: of logged lines alone where it scans, else of all.
  long bytes() {
    return bytes;
  }

  long[] arrivals() {
    return Arrays.copyOf(arrivals, arrived);
  }

  /// What the logged lines say about when they were made, in microseconds of the epoch.
  List<Long> stamps() {
    return List.copyOf(stamps);
  }

  /// @param scan whether lines are looked at, or bytes only counted
  /// @param stamp whether their times are read as well
  void reset(boolean scan, boolean stamp) {
    scanning = scan;
    stamping = stamp;
    arrived = 0;
    scannedBytes = 0;
    stamps.clear();
    column = 0;
    lineBytes = 0;
    lines = 0;
    bytes = 0;
  }

  void take(byte[] buffer, int length, long nanos) {
    int at = 0;
    long counted = bytes;
    while (at < length) {
      switch (part) {
        case HEAD -> {
          head.append((char) buffer[at++]);
          if (head.indexOf(HEAD_END, head.length() - HEAD_END.length()) >= 0) {
            boolean chunked = head.indexOf("chunked") >= 0;
            part = chunked ? Part.SIZE : Part.DATA;
            remaining = chunked ? 0 : Long.MAX_VALUE;
          }
        }
        case SIZE -> {
          byte next = buffer[at++];
          if (next == '\n') {
            part = Part.DATA;
            if (remaining == 0) {
              closed = true;
              return;
            }
          } else if (next != '\r') {
            remaining = remaining * 16 + Character.digit(next, 16);
          }
        }
        case DATA -> {
          int n = (int) Math.min(remaining, length - at);
          if (scanning) {
            scan(buffer, at, n, nanos);
            counted = scannedBytes;
          } else {
            counted += n;
          }
          opened = true;
          at += n;
          remaining -= n;
          if (remaining == 0) {
            part = Part.DATA_END;
          }
        }
        case DATA_END -> {
          if (buffer[at++] == '\n') {
            part = Part.SIZE;
          }
        }
      }
    }
    bytes = counted;
    lines = arrived;
  }

  private void scan(byte[] buffer, int from, int n, long nanos) {
    int begin = from;
    for (int at = from; at < from + n; at++) {
      byte next = buffer[at];
      if (next == '\n') {
        lineBytes += at + 1 - begin;
        if (stamping) {
          keep(buffer, begin, at);
        }
        end(nanos);
        begin = at + 1;
      } else if (column++ == TELLING_COLUMN) {
        logged = next == '"';
      }
    }
    lineBytes += from + n - begin;
    if (stamping) {
      keep(buffer, begin, from + n);
    }
  }

  private void keep(byte[] buffer, int from, int to) {
    int had = line.length;
    line = Arrays.copyOf(line, had + to - from);
    System.arraycopy(buffer, from, line, had, to - from);
  }

  private void end(long nanos) {
    if (logged) {
      if (arrived == arrivals.length) {
        arrivals = Arrays.copyOf(arrivals, arrived * 2);
      }
      arrivals[arrived++] = nanos;
      scannedBytes += lineBytes;
      if (stamping) {
        stamps.add(stamp(new String(line, StandardCharsets.UTF_8)));
      }
    }
    line = new byte[0];
    column = 0;
    lineBytes = 0;
    logged = false;
  }

  private static long stamp(String line) {
    int begin = line.indexOf(new String(STAMP, StandardCharsets.UTF_8)) + STAMP.length;
    return micros(Instant.parse(line.substring(begin, line.indexOf('"', begin))));
  }

  static long micros(Instant time) {
    return time.getEpochSecond() * 1_000_000 + time.getNano() / 1000;
  }
}
