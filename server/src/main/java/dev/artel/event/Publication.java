package dev.artel.event;

import dev.artel.db.Db;
import dev.artel.db.Tx;
import dev.artel.protocol.EventId;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.UserId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Passes committed events on, and writes down those that could not be passed on, so that a later
/// attempt, or a person, can. The change itself stands in any case, and later events do not wait.
final class Publication implements EventLog.Publisher {
  private static final Logger log = LoggerFactory.getLogger(Publication.class);
  private static final int ATTEMPTS_MAX = 5;
  private static final int BACKOFF_SECONDS = 5;
  private static final int BACKOFF_SECONDS_MAX = 300;
  private static final int BATCH = 100;

  private final Db db;
  private final EventStore store;
  private final Fanout fanout;
  private final OutboxMeters meters;

  /// The way to those who listen.
  interface Fanout {
    void publish(UserId user, ProjectId project, List<Line> lines);
  }

  Publication(Db db, EventStore store, Fanout fanout, OutboxMeters meters) {
    this.db = db;
    this.store = store;
    this.fanout = fanout;
    this.meters = meters;
  }

  @Override
  public void publish(UserId user, ProjectId project, List<Encoder.Envelope> events) {
    try {
      fanout.publish(user, project, events.stream().map(Encoder::logged).toList());
      meters.published(events);
    } catch (RuntimeException failure) {
      meters.failed(events.size());
      log.warn("events were not passed on and are tried again: {}", failure.toString());
      List<EventId> ids = events.stream().map(Encoder.Envelope::id).toList();
      // Called after a commit, where nothing may block.
      Thread.ofVirtual().name("event-failure").start(() -> writeDown(user, ids, failure));
    }
  }

  private void writeDown(UserId user, List<EventId> events, RuntimeException failure) {
    try {
      db.does(user, tx -> events.forEach(event -> insert(tx, user, event, failure)));
    } catch (RuntimeException unreachable) {
      log.error(
          "events could be neither passed on nor written down; streams find them in the log, see"
              + " why the database did not answer",
          unreachable);
    }
  }

  private static void insert(Tx tx, UserId user, EventId event, RuntimeException failure) {
    tx.sql(
            """
            insert into event_failures (user_id, event_id, attempts, next_retry_at, last_error)
            values (:user, :event, 1, artel_now() + make_interval(secs => :backoff), :error)
            on conflict (user_id, event_id) do nothing
            """)
        .param("user", user.value())
        .param("event", event.value())
        .param("backoff", BACKOFF_SECONDS)
        .param("error", failure.getClass().getSimpleName())
        .update();
  }

  private record Failed(UserId user, EventId event) {}

  /// Tries again what is due, each event by itself: one that cannot be passed on holds up none.
  ///
  /// @return how many were tried
  int retryDue() {
    List<Failed> due = due();
    due.forEach(failed -> db.does(failed.user(), tx -> retry(tx, failed.user(), failed.event())));
    return due.size();
  }

  private List<Failed> due() {
    return db.dispatch(tx ->
        tx.sql(
                """
                select user_id, event_id from event_failures
                 where next_retry_at <= artel_now()
                 order by next_retry_at
                 limit :batch
                """)
            .param("batch", BATCH)
            .query((row, _) ->
                new Failed(
                    new UserId(row.getObject("user_id", UUID.class)),
                    new EventId(row.getObject("event_id", UUID.class))))
            .list());
  }

  /// The row stays locked meanwhile, and who finds it locked passes it over: of several processes
  /// one tries.
  private void retry(Tx tx, UserId user, EventId event) {
    Optional<Integer> attempts = claim(tx, user, event);
    Optional<EventStore.Found> found =
        attempts.isEmpty() ? Optional.empty() : store.find(tx, user, event);
    if (attempts.isEmpty() || found.isEmpty()) {
      return;
    }
    try {
      fanout.publish(user, found.get().project(), List.of(found.get().line()));
    } catch (RuntimeException failure) {
      meters.failed(1);
      putOff(tx, user, event, attempts.get() + 1, failure);
      return;
    }
    meters.retried();
    tx.sql("delete from event_failures where user_id = :user and event_id = :event")
        .param("user", user.value())
        .param("event", event.value())
        .update();
  }

  private static Optional<Integer> claim(Tx tx, UserId user, EventId event) {
    return tx.sql(
            """
            select attempts from event_failures
             where user_id = :user and event_id = :event and next_retry_at <= artel_now()
               for update skip locked
            """)
        .param("user", user.value())
        .param("event", event.value())
        .query(Integer.class)
        .optional();
  }

  private static void putOff(
      Tx tx, UserId user, EventId event, int attempts, RuntimeException failure) {
    if (attempts >= ATTEMPTS_MAX) {
      log.error(
          "event {} was not passed on in {} attempts; reprocess it when the cause is mended: {}",
          event,
          attempts,
          failure.toString());
    }
    tx.sql(
            """
            update event_failures
               set attempts = :attempts,
                   next_retry_at =
                     case when :attempts < :attempts_max
                          then artel_now() + make_interval(secs => :backoff) end,
                   last_error = :error
             where user_id = :user and event_id = :event
            """)
        .param("user", user.value())
        .param("event", event.value())
        .param("attempts", attempts)
        .param("attempts_max", ATTEMPTS_MAX)
        .param("backoff", backoffSeconds(attempts))
        .param("error", failure.getClass().getSimpleName())
        .update();
  }

  static int backoffSeconds(int attempts) {
    return Math.min(BACKOFF_SECONDS << (attempts - 1), BACKOFF_SECONDS_MAX);
  }

  /// Counts what waits for another attempt, and what waits for a person.
  void measure() {
    meters.waiting(
        db.dispatch(tx ->
            tx.sql(
                    """
                    select count(*) filter (where f.next_retry_at is not null) as pending,
                           count(*) filter (where f.next_retry_at is null) as failed,
                           coalesce(extract(epoch from artel_now() - min(e.created_at)
                             filter (where f.next_retry_at is not null)), 0) as oldest_seconds
                      from event_failures f
                      join event_logs e on e.user_id = f.user_id and e.event_id = f.event_id
                    """)
                .query((row, _) ->
                    new OutboxMeters.Waiting(
                        row.getLong("pending"),
                        row.getLong("failed"),
                        row.getDouble("oldest_seconds")))
                .single()));
  }
}
