package dev.artel.event;

import static org.awaitility.Awaitility.await;

import dev.artel.base.Ids;
import dev.artel.db.Db;
import dev.artel.http.Caller;
import dev.artel.protocol.Event;
import dev.artel.protocol.EventId;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.UserId;
import dev.artel.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A log and its streams over the test database, with one user, one project and one session. The
/// poll is off: whatever arrives was pushed.
final class Stage implements AutoCloseable {
  static final StreamLimits LIMITS = StreamLimits.STANDARD;

  final Db db = TestDatabase.db();
  final UserId user = TestDatabase.newUser();
  final ProjectId project = newProject();
  final SessionId session = newSession();
  final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  final EventStore store = new EventStore();
  final List<Opening> openings = new ArrayList<>();
  private final StreamLimits limits;
  final Hub hub;
  final Streams streams;
  final Publication publication;
  final EventLog log;

  /// How commits are reported; a test may put something of its own here.
  volatile EventLog.Publisher delivery;

  private final List<Opened> opened = new ArrayList<>();

  Stage(StreamLimits limits) {
    this.limits = limits;
    hub = new Hub(db, store, limits);
    hub.start(false);
    var meters = new StreamMeters(registry);
    streams = new Streams(db, store, hub, limits, meters, Clock.systemUTC(), () -> openings);
    publication =
        new Publication(db, store, hub::publish, new OutboxMeters(registry, Clock.systemUTC()));
    delivery = publication;
    log =
        new EventLog(
            Ids.system(), (owner, where, events) -> delivery.publish(owner, where, events));
  }

  static Stage open() {
    return new Stage(LIMITS);
  }

  /// A stream that runs on a thread of its own.
  record Opened(MemorySink sink, Thread thread, CompletableFuture<Void> ended) {
    void awaitEnd() {
      await()
          .atMost(Duration.ofSeconds(20))
          .pollInterval(Duration.ofMillis(5))
          .until(ended::isDone);
    }

    void awaitType(String type) {
      await()
          .atMost(Duration.ofSeconds(20))
          .pollInterval(Duration.ofMillis(5))
          .until(() -> sink.types().contains(type));
    }

    void awaitIds(List<String> ids) {
      await()
          .atMost(Duration.ofSeconds(20))
          .pollInterval(Duration.ofMillis(5))
          .until(() -> sink.ids().size() >= ids.size() && sink.ids().containsAll(ids));
    }
  }

  StreamRequest request() {
    return new StreamRequest(
        user,
        project,
        session,
        Format.NDJSON,
        new StreamRequest.Resume.Live(),
        null,
        false,
        false,
        caller(Instant.now().plusSeconds(3600)),
        () -> true,
        null,
        "127.0.0.1");
  }

  Caller caller(Instant expiresAt) {
    return new Caller(user, Set.of(), Set.of(), "token", Instant.now(), expiresAt);
  }

  StreamRequest feed() {
    return with(request(), null, new StreamRequest.Resume.Live());
  }

  StreamRequest after(EventId event) {
    return with(request(), session, new StreamRequest.Resume.After(event));
  }

  static StreamRequest with(
      StreamRequest base, @Nullable SessionId session, StreamRequest.Resume resume) {
    return new StreamRequest(
        base.user(),
        base.project(),
        session,
        base.format(),
        resume,
        base.types(),
        base.strict(),
        base.deltas(),
        base.caller(),
        base.stillThere(),
        null,
        base.clientIp());
  }

  static StreamRequest only(StreamRequest base, boolean strict, String... types) {
    return new StreamRequest(
        base.user(),
        base.project(),
        base.session(),
        base.format(),
        base.resume(),
        Set.of(types),
        strict,
        base.deltas(),
        base.caller(),
        base.stillThere(),
        null,
        base.clientIp());
  }

  static StreamRequest withDeltas(StreamRequest base) {
    return new StreamRequest(
        base.user(),
        base.project(),
        base.session(),
        base.format(),
        base.resume(),
        base.types(),
        base.strict(),
        true,
        base.caller(),
        base.stillThere(),
        null,
        base.clientIp());
  }

  /// Opens the stream and waits for its first line: from then on it is registered.
  Opened opened(StreamRequest request) {
    Opened stream = opening(request, new MemorySink());
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> !stream.sink().text().isEmpty() || stream.ended().isDone());
    return stream;
  }

  Opened opening(StreamRequest request, MemorySink sink) {
    return opening(streams, request, sink);
  }

  private Opened opening(Streams serving, StreamRequest request, MemorySink sink) {
    var ended = new CompletableFuture<Void>();
    Thread thread =
        Thread.ofVirtual()
            .start(() -> {
              try {
                serving.serve(request, sink);
                ended.complete(null);
              } catch (Throwable failure) {
                ended.completeExceptionally(failure);
              }
            });
    var stream = new Opened(sink, thread, ended);
    opened.add(stream);
    return stream;
  }

  /// What another process would be that began now over the same log: its memory is empty.
  Restarted restarted() {
    return new Restarted();
  }

  final class Restarted implements AutoCloseable {
    private final Hub ownHub = new Hub(db, store, limits);
    private final Streams own =
        new Streams(
            db,
            store,
            ownHub,
            limits,
            new StreamMeters(new SimpleMeterRegistry()),
            Clock.systemUTC(),
            () -> openings);

    Opened opened(StreamRequest request) {
      return opening(own, request, new MemorySink());
    }

    @Override
    public void close() {
      own.close();
    }
  }

  /// Appends one event of the session in a transaction of its own.
  EventId write(String title) {
    return write(session, title);
  }

  EventId write(@Nullable SessionId in, String title) {
    return db.as(
        user,
        tx ->
            log.append(
                tx,
                user,
                in == null
                    ? Draft.in(project, new Event.ProjectUpdated(project, title, null, null))
                    : Draft.in(
                        project, in, new Event.SessionUpdated(in, title, false, false, null))));
  }

  /// Appends so many events of the session in one transaction.
  void writeAtOnce(int n, String title) {
    db.does(
        user,
        tx -> {
          for (int i = 0; i < n; i++) {
            log.append(
                tx,
                user,
                Draft.in(
                    project,
                    session,
                    new Event.SessionUpdated(session, title, false, false, null)));
          }
        });
  }

  /// The ids that the log holds, in order: of the session, or of the whole project.
  List<String> logged(@Nullable SessionId of) {
    return db
        .read(user, tx -> store.page(tx, user, project, of, 0, Long.MAX_VALUE, 1_000_000))
        .stream()
        .map(line -> String.valueOf(line.id()))
        .toList();
  }

  private ProjectId newProject() {
    var id = new ProjectId(UUID.randomUUID());
    db.does(
        user,
        tx ->
            tx.sql("insert into user_projects (id, user_id, name) values (:id, :user, :name)")
                .param("id", id.value())
                .param("user", user.value())
                .param("name", id.toString())
                .update());
    return id;
  }

  SessionId newSession() {
    var id = new SessionId(UUID.randomUUID());
    db.does(
        user,
        tx ->
            tx.sql(
                    "insert into chat_sessions (id, user_id, project_id) values (:id, :user, :project)")
                .param("id", id.value())
                .param("user", user.value())
                .param("project", project.value())
                .update());
    return id;
  }

  @Override
  public void close() {
    streams.close();
    opened.forEach(stream -> stream.sink().drain());
    opened.stream().filter(stream -> !stream.ended().isDone()).forEach(Opened::awaitEnd);
  }
}
