package dev.artel.analytics;

import dev.artel.base.Fault;
import dev.artel.db.Db;
import dev.artel.event.EventHistory;
import dev.artel.event.EventItem;
import dev.artel.event.EventQuery;
import dev.artel.http.Idempotency;
import dev.artel.http.Page;
import dev.artel.http.Paging;
import dev.artel.protocol.EventId;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.UserId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What happened, counted. Blocks; safe for use by many threads.
public final class Analytics {
  /// What the key of a repeated request is tied to.
  static final String REPROCESSED = "reprocessed_event";

  private final Db db;
  private final EventHistory history;
  private final Summary.Retention retention;
  private final AnalyticsStore store = new AnalyticsStore();

  private Analytics(Db db, EventHistory history, Summary.Retention retention) {
    this.db = db;
    this.history = history;
    this.retention = retention;
  }

  public static Analytics create(Db db, EventHistory history, Summary.Retention retention) {
    return new Analytics(db, history, retention);
  }

  /// Three statements, whatever the size of the log.
  public Summary summary(UserId user, ProjectId project) {
    return db.read(
        user,
        tx -> {
          var counts = store.counts(tx, user, project);
          return new Summary(
              counts.types(),
              counts.agents(),
              new Summary.ErrorStats(
                  counts.types().getOrDefault("error", 0L),
                  counts.types().getOrDefault("task_failed", 0L),
                  store.errorTypes(tx, user, project)),
              counts.total(),
              counts.types(),
              counts.statuses(),
              store.latency(tx, user, project),
              retention);
        });
  }

  /// A session's events, oldest first. Fails with NOT_FOUND without such a session.
  public Page<EventItem> ofSession(
      UserId user, ProjectId project, SessionId session, List<String> types, Paging paging) {
    if (!db.read(user, tx -> store.sessionExists(tx, user, project, session))) {
      throw Fault.notFound("Session not found");
    }
    return history.page(user, project, EventQuery.ofSession(session, types), paging);
  }

  /// @param project null: all of the user's projects
  public List<UsageRow> usage(
      UserId user,
      @Nullable ProjectId project,
      @Nullable Instant from,
      @Nullable Instant until,
      UsageGroup by) {
    return db.read(user, tx -> store.usage(tx, user, project, from, until, by));
  }

  /// Gives an event that could not be published another chance. Fails with NOT_FOUND without such
  /// an event, and with CONFLICT when it did not fail.
  public void reprocess(UserId user, @Nullable ProjectId project, EventId event, Idempotency once) {
    db.does(
        user,
        tx -> {
          once.record(tx, REPROCESSED, event.value());
          boolean failed = store.failed(tx, user, project, event).orElseThrow(Analytics::noEvent);
          if (!failed || !store.retry(tx, user, event)) {
            throw Fault.conflict("state", "Only an event that failed can be processed again");
          }
        });
  }

  /// As above, whosever event it is. For those who run the service.
  ///
  /// The key is the administrator's and the effect another user's, which no transaction holds
  /// together: the key follows. A crash between them costs the first answer, never a second effect.
  public void reprocessAnyones(UserId administrator, EventId event, Idempotency once) {
    UserId owner = db.dispatch(tx -> store.owner(tx, event)).orElseThrow(Analytics::noEvent);
    reprocess(owner, null, event, Idempotency.none());
    db.does(administrator, tx -> once.record(tx, REPROCESSED, event.value()));
  }

  private static Fault noEvent() {
    return Fault.notFound("Event not found");
  }
}
