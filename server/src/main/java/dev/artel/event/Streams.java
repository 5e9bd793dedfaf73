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
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// The door to the streams: serves a connection on the calling thread until it ends, and ends
/// connections whose reason is gone. All lines of all sockets pass here. Safe for many threads.
public final class Streams implements RevocationListener, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Streams.class);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(30);
  private static final int RECONNECT_SPREAD_SECONDS = 5;
  private static final Event.SessionClosed GONE =
      new Event.SessionClosed(CloseReason.SESSION_DELETED, null);

  private final Db db;
  private final EventStore store;
  private final Hub hub;
  private final StreamLimits limits;
  private final StreamMeters meters;
  private final Clock clock;
  private final Supplier<List<Opening>> openings;
  private final Map<UserId, Integer> perUser = new ConcurrentHashMap<>();
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
    meters.spread(
        perUser::size,
        () -> perUser.values().stream().mapToInt(Integer::intValue).max().orElse(0),
        hub::sessionReadersMax);
  }

  /// Serves the stream. Blocks the calling virtual thread until the stream ends; holds no database
  /// connection meanwhile.
  ///
  /// @throws Fault before anything is written: TOO_MANY_STREAMS, SERVICE_UNAVAILABLE while draining
  public void serve(StreamRequest request, Sink sink) {
    if (draining) {
      throw Fault.of(ErrorCode.SERVICE_UNAVAILABLE, "The service is stopping; reconnect shortly.")
          .retryAfter(Duration.ofSeconds(1));
    }
    if (!take(request.user())) {
      throw tooMany("At most %d streams may be open at once", limits.connectionsPerUser());
    }
    try {
      var reader = new Reader(request, sink, new LogSource(request), limits, meters);
      Channel channel = hub.join(reader);
      if (channel == null) {
        throw tooMany("At most %d streams may follow one session", limits.connectionsPerSession());
      }
      try {
        serve(request, reader);
      } finally {
        channel.leave(reader);
      }
    } finally {
      release(request.user());
    }
  }

  private void serve(StreamRequest request, Reader reader) {
    meters.opened();
    told(request).log("stream opened");
    long opened = System.nanoTime();
    Reader.Outcome outcome = Reader.Outcome.BROKEN;
    try {
      if (draining) {
        reader.end(closing(CloseReason.SHUTDOWN));
      } else if (!request.stillThere().getAsBoolean()) {
        reader.end(GONE);
      }
      outcome = reader.run();
    } finally {
      meters.closed(outcome, reader.lag());
      told(request)
          .addKeyValue("millis", (System.nanoTime() - opened) / 1_000_000)
          .addKeyValue("events", reader.sent())
          .addKeyValue("reason", outcome)
          .log("stream closed");
    }
  }

  private static LoggingEventBuilder told(StreamRequest request) {
    return log.atInfo()
        .addKeyValue("user", request.user())
        .addKeyValue("project", request.project())
        .addKeyValue("session", request.session() == null ? "none" : request.session())
        .addKeyValue("client_ip", request.clientIp());
  }

  private static Fault tooMany(String what, int max) {
    return Fault.of(ErrorCode.TOO_MANY_STREAMS, what.formatted(max) + "; close one first.")
        .retryAfter(RETRY_AFTER);
  }

  private boolean take(UserId user) {
    if (perUser.merge(user, 1, Integer::sum) > limits.connectionsPerUser()) {
      release(user);
      return false;
    }
    return true;
  }

  private void release(UserId user) {
    perUser.computeIfPresent(user, (_, open) -> open == 1 ? null : open - 1);
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
    tx.afterCommit(() -> {
      Channel channel = hub.channel(user, project);
      if (channel != null) {
        channel.close(session).forEach(reader -> reader.end(GONE));
      }
    });
  }

  /// Ends all streams of a project once the transaction that deletes it has committed.
  public void closeWith(Tx tx, UserId user, ProjectId project) {
    tx.afterCommit(() -> {
      Channel channel = hub.channel(user, project);
      if (channel != null) {
        channel.eachReader(reader -> reader.end(GONE));
      }
    });
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
    private final StreamRequest request;

    LogSource(StreamRequest request) {
      this.request = request;
    }

    @Override
    public Start start(StreamRequest request, long upTo, @Nullable EventId upToId) {
      return switch (request.resume()) {
        case StreamRequest.Resume.Live _ when request.task() != null ->
            new Start(0, null, null, null);
        case StreamRequest.Resume.Live _ when upToId != null -> new Start(upTo, upToId, null, null);
        case StreamRequest.Resume.Live _ -> db.read(request.user(), tx -> at(tx, upTo));
        case StreamRequest.Resume.After(EventId event) -> after(event, upTo);
        case StreamRequest.Resume.Since(Instant time) ->
            db.read(
                request.user(),
                tx ->
                    store
                        .firstSince(tx, request.user(), request.project(), time)
                        .map(first -> at(tx, first - 1))
                        .orElseGet(() -> at(tx, upTo)));
      };
    }

    private Start after(EventId event, long upTo) {
      Channel channel = hub.channel(request.user(), request.project());
      Channel.Recent recent =
          channel == null ? null : channel.recent(request.session(), event, upTo);
      if (recent != null) {
        return new Start(recent.number(), event, null, recent.lines());
      }
      return db.read(
          request.user(),
          tx ->
              store
                  .number(tx, request.user(), request.project(), event)
                  .map(number -> new Start(number, event, null, null))
                  .orElseGet(() -> gap(tx, event)));
    }

    private Start at(Tx tx, long number) {
      Optional<EventId> position = store.idUpTo(tx, request.user(), request.project(), number);
      return new Start(number, position.orElse(null), null, null);
    }

    private Start gap(Tx tx, EventId asked) {
      Optional<EventId> oldest =
          store.oldest(tx, request.user(), request.project(), request.session());
      return new Start(
          0,
          null,
          new Event.ReplayGap(
              asked.toString(),
              oldest.orElse(null),
              "/my/projects/" + request.project() + "/events"),
          null);
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
    public void rejoin(Reader reader) {
      Channel channel = hub.channel(request.user(), request.project());
      if (channel == null) {
        throw new IllegalStateException("a channel with a reader does not retire");
      }
      channel.rejoin(reader);
    }

    @Override
    public Instant now() {
      return clock.instant();
    }
  }

  /// Streams that follow the session, or the project's feed, in this process.
  int following(UserId user, ProjectId project, @Nullable SessionId session) {
    Channel channel = hub.channel(user, project);
    return channel == null ? 0 : channel.following(session);
  }

  /// Lines that are kept for those who come back; for tests of the buffer.
  int hotLines(UserId user, ProjectId project, @Nullable SessionId session) {
    Channel channel = hub.channel(user, project);
    return channel == null ? 0 : channel.hotLines(session);
  }
}
