package dev.artel.event;

import dev.artel.protocol.EventId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.TaskId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One event as all its readers get it: encoded once, shared by all, in both representations.
public final class Line {
  private static final int NONE = 0;

  private final @Nullable EventId id;
  private final String type;
  private final @Nullable SessionId session;
  private final @Nullable TaskId task;
  private final long projectSeq;
  private final Kind kind;
  private final byte[] ndjson;
  private final long madeNanos;
  private byte @Nullable [] sse;

  /// Who may be sent a line, and whether it moves their position.
  enum Kind {
    /// Stored in the log, with numbers.
    LOGGED,
    /// For those who asked for deltas; no numbers.
    LIVE,
    /// About one connection; no numbers.
    CONNECTION
  }

  private Line(
      @Nullable EventId id,
      String type,
      @Nullable SessionId session,
      @Nullable TaskId task,
      long projectSeq,
      Kind kind,
      byte[] json) {
    this.id = id;
    this.type = type;
    this.session = session;
    this.task = task;
    this.projectSeq = projectSeq;
    this.kind = kind;
    this.madeNanos = System.nanoTime();
    this.ndjson = Arrays.copyOf(json, json.length + 1);
    this.ndjson[json.length] = '\n';
  }

  static Line logged(
      EventId id,
      String type,
      @Nullable SessionId session,
      @Nullable TaskId task,
      long projectSeq,
      byte[] json) {
    return new Line(id, type, session, task, projectSeq, Kind.LOGGED, json);
  }

  static Line live(String type, @Nullable SessionId session, @Nullable TaskId task, byte[] json) {
    return new Line(null, type, session, task, NONE, Kind.LIVE, json);
  }

  static Line connection(String type, byte[] json) {
    return new Line(null, type, null, null, NONE, Kind.CONNECTION, json);
  }

  public @Nullable EventId id() {
    return id;
  }

  String type() {
    return type;
  }

  @Nullable SessionId session() {
    return session;
  }

  @Nullable TaskId task() {
    return task;
  }

  long projectSeq() {
    return projectSeq;
  }

  Kind kind() {
    return kind;
  }

  /// When the line was encoded: just after its commit, unless it was replayed.
  long madeNanos() {
    return madeNanos;
  }

  int size() {
    return ndjson.length;
  }

  byte[] bytes(Format format) {
    return switch (format) {
      case NDJSON -> ndjson;
      case SSE -> sse();
    };
  }

  /// Made when the first SSE reader asks. Two readers may both make it; the results are equal.
  private byte[] sse() {
    byte[] made = sse;
    if (made == null) {
      var frame = new StringBuilder();
      if (id != null) {
        frame.append("id: ").append(id).append('\n');
      }
      frame.append("event: ").append(type).append("\ndata: ");
      byte[] head = frame.toString().getBytes(StandardCharsets.UTF_8);
      made = new byte[head.length + ndjson.length + 1];
      System.arraycopy(head, 0, made, 0, head.length);
      System.arraycopy(ndjson, 0, made, head.length, ndjson.length);
      made[made.length - 1] = '\n';
      sse = made;
    }
    return made;
  }
}
