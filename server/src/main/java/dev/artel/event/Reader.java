package dev.artel.event;

import dev.artel.http.Sink;
import dev.artel.protocol.Event;
import dev.artel.protocol.EventId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection: a cursor that first replays the log and then follows the tail, on the thread of
/// its request. Only that thread moves it; others may wake it, tell it to end, or take its place in
/// the tail away while it still replays.
final class Reader {
  private static final Logger log = LoggerFactory.getLogger(Reader.class);

  /// So few, because a line may be 10 KiB long and a connection may cost a mebibyte.
  private static final int REPLAY_PAGE = 100;

  /// With the sweep's own pace, a stream that is told to end is gone within a second.
  private static final Duration BLOCKED_AT_END = Duration.ofMillis(400);

  private static final double FILL_WARNING = 0.8;

  /// How a stream ended, for the log and the metrics.
  enum Outcome {
    CLIENT_LEFT,
    SLOW_CONSUMER,
    TOLD_TO_END,
    TOKEN_EXPIRED,
    MAX_AGE,
    BROKEN
  }

  private final StreamRequest request;
  private final Outlet outlet;
  private final Source source;
  private final StreamLimits limits;
  private final StreamMeters meters;
  private final Thread thread = Thread.currentThread();
  private final Term term;

  private @Nullable Tail tail;
  private long joinedAt;
  private @Nullable EventId joinedAtId;
  private volatile Tail.@Nullable Node node;
  private volatile boolean replaying = true;
  private volatile boolean waiting;
  private volatile Event.@Nullable Connection ending;
  private long passed;
  private long heardNanos;
  private @Nullable EventId position;
  private final AtomicBoolean warned = new AtomicBoolean();

  Reader(
      StreamRequest request, Sink sink, Source source, StreamLimits limits, StreamMeters meters) {
    this.request = request;
    this.outlet = new Outlet(sink, request.format());
    this.source = source;
    this.limits = limits;
    this.meters = meters;
    this.term = new Term(source::now, request.caller().expiresAt(), limits.maxAge());
  }

  /// Where a reader gets what the tail does not hold.
  interface Source {
    /// Where the stream begins: behind which number, and the event that stands there.
    ///
    /// @param held everything from there to the joint, when memory still has it
    record Start(
        long after,
        @Nullable EventId position,
        Event.@Nullable ReplayGap gap,
        @Nullable List<Line> held) {}

    /// @param upTo the joint: later lines are found in the tail
    /// @param upToId the event at the joint, when it is known
    Start start(StreamRequest request, long upTo, @Nullable EventId upToId);

    List<Line> page(StreamRequest request, long after, long upTo, int limit);

    List<Event.Live> snapshots(StreamRequest request);

    /// Gives the reader the present end of the tail as its place.
    void rejoin(Reader reader);

    Instant now();
  }

  /// Takes that place in the tail: everything up to `upTo` is in the log already, everything later
  /// will be found behind `at`. Called under the channel's lock.
  void stand(Tail in, Tail.Node at, long upTo, @Nullable EventId upToId) {
    tail = in;
    node = at;
    joinedAt = upTo;
    joinedAtId = upToId;
  }

  StreamRequest request() {
    return request;
  }

  Tail tail() {
    return Objects.requireNonNull(tail, "a reader is registered before it runs");
  }

  long index() {
    Tail.Node own = node;
    return own == null ? Long.MAX_VALUE : own.index;
  }

  long sent() {
    return outlet.sent();
  }

  void wake() {
    if (waiting) {
      LockSupport.unpark(thread);
    }
  }

  /// Ends the stream with that line, unless another end was told first. Any thread; does not block.
  void end(Event.Connection last) {
    synchronized (this) {
      if (ending != null) {
        return;
      }
      ending = last;
    }
    LockSupport.unpark(thread);
  }

  /// Cuts the connection when its client does not read, and takes the place in the tail away from a
  /// replay that is too slow for it: the lines behind would be kept for it alone.
  void sweep(long nowNanos) {
    boolean behind;
    synchronized (this) {
      behind = behind();
      if (replaying) {
        if (behind) {
          node = null;
        }
        behind = false;
      }
    }
    long blocked = outlet.blockedNanos(nowNanos);
    if (blocked > 0 && !replaying) {
      // The one that is stuck in a write is the one that will be cut.
      measureFill();
    }
    boolean told = (ending != null || term.over()) && blocked > BLOCKED_AT_END.toNanos();
    if (blocked > 0 && (told || behind || blocked > limits.undrained().toNanos())) {
      outlet.cut();
    }
  }

  private boolean behind() {
    return fill() > 1;
  }

  private double fill() {
    Tail.Node own = node;
    return own == null ? 0 : tail().fill(own, limits);
  }

  /// Serves the stream until it ends. Blocks for as long. Fails only while nothing was sent yet.
  Outcome run() {
    try {
      Source.Start start = source.start(request, joinedAt, joinedAtId);
      position = start.position();
      passed = start.after();
      heartbeat();
      if (start.gap() != null) {
        tell(start.gap());
      }
      if (request.deltas()) {
        for (Event.Live snapshot : source.snapshots(request)) {
          send(Encoder.unnumbered(snapshot, request.project(), request.session(), source.now()));
        }
      }
      if (start.held() != null) {
        replay(start.held());
        passed = Math.max(passed, joinedAt);
      }
      catchUp();
      if (request.task() != null && request.task().ended().getAsBoolean()) {
        // Its last event is in the log, however far the tail has come; or it lies behind the
        // position from which the client resumed.
        replayTo(Long.MAX_VALUE);
        end(Farewell.TASK_ENDED);
      }
      return follow();
    } catch (IOException _) {
      return outlet.wasCut() ? Outcome.SLOW_CONSUMER : Outcome.CLIENT_LEFT;
    } catch (RuntimeException broken) {
      if (outlet.sent() == 0) {
        throw broken;
      }
      log.error("a stream broke and was ended; its client resumes, the cause is below", broken);
      return tellBroken();
    }
  }

  private Outcome tellBroken() {
    try {
      tell(Farewell.BROKEN);
    } catch (IOException _) {
      // The client has left as well.
    }
    return Outcome.BROKEN;
  }

  private void replay(List<Line> lines) throws IOException {
    List<Line> wanted = lines.stream().filter(request::wants).toList();
    if (!wanted.isEmpty()) {
      outlet.write(wanted);
      meters.sent(wanted);
      heardNanos = System.nanoTime();
    }
    if (!lines.isEmpty()) {
      passed = lines.getLast().projectSeq();
      position = lines.getLast().id();
    }
  }

  /// Sends the log up to the joint. When that took so long that the place in the tail was lost,
  /// there is a new joint, and the log is asked again.
  private void catchUp() throws IOException {
    while (true) {
      replayTo(joinedAt);
      if (ending != null || term.over() || settled()) {
        return;
      }
      source.rejoin(this);
    }
  }

  private void replayTo(long upTo) throws IOException {
    while (passed < upTo && ending == null && !term.over()) {
      List<Line> page = source.page(request, passed, upTo, REPLAY_PAGE);
      replay(page);
      if (page.size() < REPLAY_PAGE) {
        passed = upTo;
      }
      if (untilBeatNanos() <= 0) {
        // A long log of which the client wants nothing is no reason to think this end dead.
        heartbeat();
      }
    }
  }

  private synchronized boolean settled() {
    if (node == null || behind()) {
      return false;
    }
    replaying = false;
    return true;
  }

  private Outcome follow() throws IOException {
    while (true) {
      Event.Connection last = ending;
      if (last != null) {
        tell(last);
        return Outcome.TOLD_TO_END;
      }
      if (term.tokenExpired()) {
        tell(Farewell.TOKEN_EXPIRED);
        return Outcome.TOKEN_EXPIRED;
      }
      if (term.tooOld()) {
        tell(Farewell.TOO_OLD);
        return Outcome.MAX_AGE;
      }
      boolean wrote = sendAvailable();
      if (behind()) {
        tell(Farewell.TOO_SLOW);
        return Outcome.SLOW_CONSUMER;
      }
      long left = untilBeatNanos();
      if (wrote) {
        measureFill();
      } else if (left <= 0) {
        heartbeat();
      } else {
        await(left);
      }
    }
  }

  /// Lines that were told to others and not yet to this one.
  long lag() {
    Tail.Node own = node;
    return own == null ? 0 : tail().last().index - own.index;
  }

  private void measureFill() {
    double fill = fill();
    meters.fill(fill);
    if (fill > FILL_WARNING && warned.compareAndSet(false, true)) {
      meters.fillWarning(request, lag());
    }
  }

  /// Sends what lies ahead in one write. Whether there was anything to send.
  private boolean sendAvailable() throws IOException {
    Tail.Node cursor = Objects.requireNonNull(node, "only a replay can lose its place");
    var batch = new ArrayList<Line>();
    int bytes = 0;
    Tail.Node next = cursor.next;
    boolean over = false;
    while (next != null && !over && !Outlet.full(batch.size(), bytes)) {
      cursor = next;
      next = cursor.next;
      Line line = Objects.requireNonNull(cursor.line, "only the first place is empty");
      if (!moves(line)) {
        continue;
      }
      over = request.endsWith(line);
      if (request.wants(line)) {
        batch.add(line);
        bytes += line.size();
      }
    }
    node = cursor;
    if (over) {
      end(Farewell.TASK_ENDED);
    }
    if (batch.isEmpty()) {
      return false;
    }
    outlet.write(batch);
    heardNanos = System.nanoTime();
    meters.delivered(batch);
    return true;
  }

  /// Whether the line is news. A position may lie ahead of the joint: its event was committed, but
  /// not yet passed on, when the stream opened.
  private boolean moves(Line line) {
    if (line.kind() != Line.Kind.LOGGED) {
      return true;
    }
    if (line.projectSeq() <= passed) {
      return false;
    }
    passed = line.projectSeq();
    position = line.id();
    return true;
  }

  /// Waits for a line, an end, or the given time. The flag goes up before the last look: whoever
  /// appends after that look sees it and wakes this thread.
  private void await(long nanos) {
    waiting = true;
    try {
      Tail.Node own = node;
      if (ending == null && own != null && own.next == null) {
        LockSupport.parkNanos(this, Math.max(1, Math.min(nanos, term.untilExpiryNanos())));
      }
    } finally {
      waiting = false;
    }
  }

  private void heartbeat() throws IOException {
    tell(new Event.Heartbeat(source.now(), position));
    heardNanos = System.nanoTime();
  }

  private long untilBeatNanos() {
    return heardNanos + limits.heartbeat().toNanos() - System.nanoTime();
  }

  private void tell(Event.Connection event) throws IOException {
    send(Encoder.unnumbered(event, request.project(), request.session(), source.now()));
  }

  private void send(Line line) throws IOException {
    if (request.wants(line)) {
      List<Line> one = List.of(line);
      outlet.write(one);
      meters.sent(one);
    }
  }
}
