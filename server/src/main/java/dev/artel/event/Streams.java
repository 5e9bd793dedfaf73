package dev.artel.event;

import dev.artel.base.Fault;
import dev.artel.db.Db;
import dev.artel.db.Tx;
import dev.artel.http.Caller;
import dev.artel.http.RevocationListener;
import dev.artel.http.Sink;
import dev.artel.protocol.CloseReason;
import dev.artel.protocol.ErrorCode;
import dev.artel.protocol.Event;
import dev.artel.protocol.EventId;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.UserId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The door to the streams: serves a connection on the calling thread until it ends, and ends
/// connections whose reason is gone. All lines of all sockets pass here. Safe for many threads.
public final class Streams implements RevocationListener, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Streams.class);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(30);
  private static final int RECONNECT_SPREAD_SECONDS = 5;

  private final Db db;
  private final EventStore store;
  private final Hub hub;
  private final StreamLimits limits;
  private final StreamMeters meters;
  private final Clock clock;
  private final Supplier<List<Opening>> openings;
  private final Map<UserId, AtomicInteger> perUser = new ConcurrentHashMap<>();
  private volatile boolean draining;

  /// @param openings asked late: those who tell what is under way also tell it through here
  Streams(
      Db db,
      EventStore store,
      Hub hub,
      StreamLimits limits,
      StreamMeters meters,
      Clock clock,
      Supplier<List<Opening>> openings) {
    this.db = db;
    this.store = store;
    this.hub = hub;
    this.limits = limits;
    this.meters = meters;
    this.clock = clock;
    this.openings = openings;
  }

  /// Refuses what may not be opened, before a byte is sent.
  ///
  /// @throws Fault TOO_MANY_STREAMS, SERVICE_UNAVAILABLE while draining
  public void admit(UserId user) {
    if (draining) {
      throw Fault.of(ErrorCode.SERVICE_UNAVAILABLE, "The service is stopping; reconnect shortly.")
          .retryAfter(Duration.ofSeconds(1));
    }
    AtomicInteger open = perUser.get(user);
    if (open != null && open.get() >= limits.connectionsPerUser()) {
      throw tooMany();
    }
  }

  private Fault tooMany() {
    return Fault.of(
            ErrorCode.TOO_MANY_STREAMS,
            "At most %d streams may be open at once; close one first."
                .formatted(limits.connectionsPerUser()))
        .retryAfter(RETRY_AFTER);
  }

  /// Serves the stream. Blocks the calling virtual thread until the stream ends; holds no database
  /// connection meanwhile.
  public void serve(StreamRequest request, Sink sink) {
    if (!take(request.user())) {
      throw tooMany();
    }
    Channel channel = hub.channel(request.user(), request.project());
    var reader = new Reader(request, sink, new LogSource(channel), limits, meters);
    meters.opened();
    long opened = System.nanoTime();
    Reader.Outcome outcome = Reader.Outcome.CLIENT_LEFT;
    Channel.Joint joint =
        channel.join(
            reader,
            request.session(),
            () -> db.read(request.user(), tx -> store.head(tx, request.user(), request.project())));
    try {
      if (draining) {
        reader.end(closing(CloseReason.SHUTDOWN));
      } else if (!request.stillThere().getAsBoolean()) {
        reader.end(new Event.SessionClosed(CloseReason.SESSION_DELETED, null));
      }
      outcome = reader.run(joint);
    } finally {
      channel.leave(reader, joint.tail(), System.nanoTime());
      release(request.user());
      meters.closed(outcome);
      log.atInfo()
          .addKeyValue("user", request.user())
          .addKeyValue("project", request.project())
          .addKeyValue("session", request.session())
          .addKeyValue("client_ip", request.clientIp())
          .addKeyValue("millis", (System.nanoTime() - opened) / 1_000_000)
          .addKeyValue("events", reader.sent())
          .addKeyValue("reason", outcome)
          .log("stream closed");
    }
  }

  private boolean take(UserId user) {
    int open = perUser.computeIfAbsent(user, _ -> new AtomicInteger()).incrementAndGet();
    if (open > limits.connectionsPerUser()) {
      release(user);
      return false;
    }
    return true;
  }

  private void release(UserId user) {
    perUser.computeIfPresent(user, (_, open) -> open.decrementAndGet() == 0 ? null : open);
  }

  /// Tells those who follow the session and asked for deltas. Nothing is kept.
  public void live(UserId user, ProjectId project, SessionId session, Event.Live event) {
    hub.live(user, project, session, Encoder.unnumbered(event, project, session, clock.instant()));
  }

  /// Whether anybody would hear a live line of that session.
  public boolean listening(UserId user, ProjectId project, SessionId session) {
    return hub.listening(user, project, session);
  }

  /// Ends the session's streams once the transaction that deletes it has committed.
  public void closeWith(Tx tx, UserId user, ProjectId project, SessionId session) {
    tx.afterCommit(() ->
        hub.channel(user, project)
            .close(session)
            .forEach(
                reader -> reader.end(new Event.SessionClosed(CloseReason.SESSION_DELETED, null))));
  }

  /// Ends all streams of a project that is gone.
  public void closeWith(Tx tx, UserId user, ProjectId project) {
    tx.afterCommit(() ->
        hub.channel(user, project)
            .eachReader(
                reader -> reader.end(new Event.SessionClosed(CloseReason.SESSION_DELETED, null))));
  }

  @Override
  public void ended(Predicate<Caller> whose) {
    for (Reader reader : hub.readers()) {
      if (whose.test(reader.request().caller())) {
        reader.end(
            new Event.ConnectionError(
                "Token revoked", "token_revoked", "The token was revoked; sign in again."));
      }
    }
  }

  /// Ends all streams with a hint to come back, and admits no more.
  public void drain() {
    draining = true;
    for (Reader reader : hub.readers()) {
      reader.end(closing(CloseReason.SHUTDOWN));
    }
  }

  private static Event.SessionClosed closing(CloseReason reason) {
    return new Event.SessionClosed(
        reason, ThreadLocalRandom.current().nextInt(1, RECONNECT_SPREAD_SECONDS + 1));
  }

  /// Streams that are open in this process.
  public int open() {
    return meters.active();
  }

  /// Users with open streams in this process; for leak tests.
  int users() {
    return perUser.size();
  }

  @Override
  public void close() {
    drain();
    hub.close();
  }

  private final class LogSource implements Reader.Source {
    private final Channel channel;

    LogSource(Channel channel) {
      this.channel = channel;
    }

    @Override
    public Start start(StreamRequest request, long upTo) {
      return db.read(
          request.user(),
          tx ->
              switch (request.resume()) {
                case StreamRequest.Resume.Live _ -> at(tx, request, upTo);
                case StreamRequest.Resume.After after ->
                    store
                        .number(tx, request.user(), request.project(), after.event())
                        .map(number -> new Start(number, after.event(), null))
                        .orElseGet(() -> gap(tx, request, after.event()));
                case StreamRequest.Resume.Since since ->
                    store
                        .firstSince(tx, request.user(), request.project(), since.time())
                        .map(first -> at(tx, request, first - 1))
                        .orElseGet(() -> at(tx, request, upTo));
              });
    }

    private Start at(Tx tx, StreamRequest request, long number) {
      Optional<EventId> position = store.idUpTo(tx, request.user(), request.project(), number);
      return new Start(number, position.orElse(null), null);
    }

    private Start gap(Tx tx, StreamRequest request, EventId asked) {
      Optional<EventId> oldest =
          store.oldest(tx, request.user(), request.project(), request.session());
      return new Start(
          0,
          null,
          new Event.ReplayGap(
              asked.toString(),
              oldest.orElse(null),
              "/my/projects/" + request.project() + "/events"));
    }

    @Override
    public List<Line> page(StreamRequest request, long after, long upTo, int limit) {
      return db.read(
          request.user(),
          tx ->
              store.page(
                  tx, request.user(), request.project(), request.session(), after, upTo, limit));
    }

    @Override
    public List<Event.Live> snapshots(StreamRequest request) {
      return openings.get().stream()
          .flatMap(opening ->
              opening.snapshots(request.user(), request.project(), request.session()).stream())
          .toList();
    }

    @Override
    public Channel.Joint rejoin(Tail tail) {
      return channel.rejoin(tail);
    }

    @Override
    public Instant now() {
      return clock.instant();
    }
  }

  /// The newest number that this process has passed on, for tests of the buffer.
  int hotLines(UserId user, ProjectId project, @Nullable SessionId session) {
    return hub.channel(user, project).hotLines(session);
  }
}
