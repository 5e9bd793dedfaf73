package dev.artel.event;

import dev.artel.http.Sink;
import dev.artel.protocol.CloseReason;
import dev.artel.protocol.Event;
import dev.artel.protocol.EventId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// One connection: a cursor that first replays the log and then follows the tail, on the thread of
/// its request. Only that thread moves it; others may wake it or tell it to end.
final class Reader {
  private static final int BATCH_LINES = 32;
  private static final int BATCH_BYTES = 64 * 1024;
  private static final int REPLAY_PAGE = 500;
  private static final Duration BLOCKED_AT_END = Duration.ofSeconds(1);
  private static final double LAG_WARNING = 0.8;

  /// How a stream ended, for the log and the metrics.
  enum Outcome {
    CLIENT_LEFT,
    SLOW_CONSUMER,
    TOLD_TO_END,
    TOKEN_EXPIRED,
    MAX_AGE
  }

  private final StreamRequest request;
  private final Sink sink;
  private final Source source;
  private final StreamLimits limits;
  private final StreamMeters meters;
  private final Thread thread = Thread.currentThread();
  private final long openedNanos = System.nanoTime();

  private volatile boolean waiting;
  private volatile long writingSinceNanos;
  private volatile boolean replaying;
  private volatile Event.@Nullable Connection ending;
  private volatile Tail.Node node = new Tail.Node(null, 0, 0);
  private @Nullable EventId position;
  private long sent;
  private boolean lagWarned;

  Reader(
      StreamRequest request, Sink sink, Source source, StreamLimits limits, StreamMeters meters) {
    this.request = request;
    this.sink = sink;
    this.source = source;
    this.limits = limits;
    this.meters = meters;
  }

  /// Where a reader gets what the tail does not hold.
  interface Source {
    /// Where the stream begins: after which number, and the event that stands there.
    record Start(long after, @Nullable EventId position, Event.@Nullable ReplayGap gap) {}

    Start start(StreamRequest request, long upTo);

    List<Line> page(StreamRequest request, long after, long upTo, int limit);

    List<Event.Live> snapshots(StreamRequest request);

    /// The present end of the tail, for a reader that replayed for too long.
    Channel.Joint rejoin(Tail tail);

    Instant now();
  }

  StreamRequest request() {
    return request;
  }

  long index() {
    return node.index;
  }

  long sent() {
    return sent;
  }

  boolean wants(Line line) {
    return switch (line.kind()) {
      case CONNECTION -> !request.strict() || listed(line);
      case LIVE -> request.deltas() && listed(line);
      case LOGGED -> listed(line);
    };
  }

  private boolean listed(Line line) {
    var types = request.types();
    return types == null || types.contains(line.type()) || line.type().equals("error");
  }

  void wake() {
    if (waiting) {
      LockSupport.unpark(thread);
    }
  }

  /// Ends the stream with that line. Any thread; does not block.
  void end(Event.Connection last) {
    ending = last;
    LockSupport.unpark(thread);
  }

  /// Cuts the connection when its client does not read: called by the sweeper.
  void cutIfStuck(long nowNanos, Tail tail) {
    long since = writingSinceNanos;
    if (since == 0) {
      return;
    }
    long blocked = nowNanos - since;
    boolean told = ending != null && blocked > BLOCKED_AT_END.toNanos();
    if (told || (!replaying && behind(tail)) || blocked > limits.undrained().toNanos()) {
      thread.interrupt();
    }
  }

  private boolean behind(Tail tail) {
    Tail.Node end = tail.last();
    Tail.Node own = node;
    return end.index - own.index > limits.lagLines() || end.bytes - own.bytes > limits.lagBytes();
  }

  /// Serves the stream until it ends. Blocks for as long.
  Outcome run(Channel.Joint joint) {
    try {
      Source.Start start = source.start(request, joint.upTo());
      position = start.position();
      heartbeat();
      if (start.gap() != null) {
        tell(start.gap());
      }
      if (request.deltas()) {
        for (Event.Live snapshot : source.snapshots(request)) {
          Line line =
              Encoder.unnumbered(snapshot, request.project(), request.session(), source.now());
          if (wants(line)) {
            write(List.of(line));
          }
        }
      }
      replaying = true;
      node = replay(joint, start.after());
      replaying = false;
      return follow(joint.tail());
    } catch (IOException _) {
      return stuck(joint.tail()) ? Outcome.SLOW_CONSUMER : Outcome.CLIENT_LEFT;
    } finally {
      // A cut interrupts this thread while it writes; the container's own work on it must not
      // find the interrupt.
      boolean _ = Thread.interrupted();
    }
  }

  private boolean stuck(Tail tail) {
    return Thread.interrupted() || behind(tail);
  }

  /// Sends the log up to the joint. When that took so long that the live lines behind it would
  /// count as lag, the log is asked again.
  private Tail.Node replay(Channel.Joint joint, long after) throws IOException {
    long sentUpTo = after;
    Channel.Joint target = joint;
    node = target.node();
    while (true) {
      while (sentUpTo < target.upTo() && ending == null) {
        List<Line> page = source.page(request, sentUpTo, target.upTo(), REPLAY_PAGE);
        if (page.isEmpty()) {
          break;
        }
        write(page.stream().filter(this::wants).toList());
        Line end = page.getLast();
        position = end.id();
        sentUpTo = end.projectSeq();
      }
      if (ending != null || !behind(target.tail())) {
        return target.node();
      }
      sentUpTo = Math.max(sentUpTo, target.upTo());
      target = source.rejoin(target.tail());
      node = target.node();
    }
  }

  private Outcome follow(Tail tail) throws IOException {
    long beat = System.nanoTime() + limits.heartbeat().toNanos();
    while (true) {
      Event.Connection last = ending;
      if (last != null) {
        tell(last);
        return Outcome.TOLD_TO_END;
      }
      if (source.now().isAfter(request.caller().expiresAt())) {
        tell(
            new Event.ConnectionError(
                "Token expired", "token_expired", "The token expired; reconnect with a new one."));
        return Outcome.TOKEN_EXPIRED;
      }
      if (tooOld()) {
        tell(new Event.SessionClosed(CloseReason.MAX_AGE, 1));
        return Outcome.MAX_AGE;
      }
      boolean wrote = sendAvailable();
      long now = System.nanoTime();
      if (wrote) {
        beat = now + limits.heartbeat().toNanos();
        if (behind(tail)) {
          tell(
              new Event.ConnectionError(
                  "Too slow",
                  "slow_consumer",
                  "This connection fell too far behind; reconnect with the last position."));
          return Outcome.SLOW_CONSUMER;
        }
        warnOfLag(tail);
        continue;
      }
      if (now - beat >= 0) {
        heartbeat();
        beat = now + limits.heartbeat().toNanos();
        continue;
      }
      await(beat - now);
    }
  }

  private boolean tooOld() {
    return !limits.maxAge().isZero() && System.nanoTime() - openedNanos > limits.maxAge().toNanos();
  }

  private void warnOfLag(Tail tail) {
    long lag = tail.last().index - node.index;
    meters.lag(lag);
    if (!lagWarned && lag > limits.lagLines() * LAG_WARNING) {
      lagWarned = true;
      meters.lagWarning(request, lag);
    }
  }

  /// Sends what lies ahead in one write. Whether there was anything to send.
  private boolean sendAvailable() throws IOException {
    Tail.Node cursor = node;
    var batch = new ArrayList<Line>();
    int bytes = 0;
    while (batch.size() < BATCH_LINES && bytes < BATCH_BYTES) {
      Tail.Node next = cursor.next;
      if (next == null) {
        break;
      }
      cursor = next;
      Line line = next.line;
      if (line == null) {
        continue;
      }
      if (line.kind() == Line.Kind.LOGGED) {
        position = line.id();
      }
      if (wants(line)) {
        batch.add(line);
        bytes += line.size();
      }
    }
    node = cursor;
    if (batch.isEmpty()) {
      return false;
    }
    write(batch);
    meters.delivered(batch);
    return true;
  }

  /// Waits for a line, an end, or the given time. The flag goes up before the last look: whoever
  /// appends after that look sees it and wakes this thread.
  private void await(long nanos) {
    waiting = true;
    try {
      if (node.next == null && ending == null) {
        long expiry = Duration.between(source.now(), request.caller().expiresAt()).toNanos();
        LockSupport.parkNanos(this, Math.max(1, Math.min(nanos, expiry + 1_000_000)));
      }
    } finally {
      waiting = false;
    }
  }

  private void heartbeat() throws IOException {
    tell(new Event.Heartbeat(source.now(), position));
  }

  private void tell(Event.Connection event) throws IOException {
    Line line = Encoder.unnumbered(event, request.project(), request.session(), source.now());
    if (wants(line)) {
      write(List.of(line));
    }
  }

  private void write(List<Line> lines) throws IOException {
    if (lines.isEmpty()) {
      return;
    }
    writingSinceNanos = System.nanoTime() | 1;
    try {
      if (lines.size() == 1) {
        byte[] bytes = lines.getFirst().bytes(request.format());
        sink.write(bytes, 0, bytes.length);
      } else {
        byte[] joined = join(lines);
        sink.write(joined, 0, joined.length);
      }
      sink.flush();
    } finally {
      writingSinceNanos = 0;
    }
    sent += lines.size();
  }

  private byte[] join(List<Line> lines) {
    int length = 0;
    for (Line line : lines) {
      length += line.bytes(request.format()).length;
    }
    byte[] joined = new byte[length];
    int at = 0;
    for (Line line : lines) {
      byte[] bytes = line.bytes(request.format());
      System.arraycopy(bytes, 0, joined, at, bytes.length);
      at += bytes.length;
    }
    return joined;
  }
}
