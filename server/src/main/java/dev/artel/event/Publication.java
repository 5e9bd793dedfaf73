package dev.artel.event;

import dev.artel.db.Db;
import dev.artel.protocol.EventId;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.UserId;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Passes committed events on, and writes down those that could not be passed on, so that a later
/// attempt, or a person, can. The change itself stands in any case.
final class Publication implements EventLog.Publisher {
  private static final Logger log = LoggerFactory.getLogger(Publication.class);

  private final Db db;
  private final Fanout fanout;
  private final StreamMeters meters;

  /// The way to those who listen.
  interface Fanout {
    void publish(UserId user, ProjectId project, List<Line> lines);
  }

  Publication(Db db, Fanout fanout, StreamMeters meters) {
    this.db = db;
    this.fanout = fanout;
    this.meters = meters;
  }

  @Override
  public void publish(UserId user, ProjectId project, List<Encoder.Envelope> events) {
    try {
      fanout.publish(user, project, events.stream().map(Encoder::logged).toList());
    } catch (RuntimeException failure) {
      meters.publishFailed(events.size());
      log.warn(
          "{} events were not passed on and are tried again: {}",
          events.size(),
          failure.toString());
      Thread.ofVirtual()
          .name("event-failure")
          .start(
              () -> writeDown(user, events.stream().map(Encoder.Envelope::id).toList(), failure));
    }
  }

  private void writeDown(UserId user, List<EventId> events, RuntimeException failure) {
    db.does(
        user,
        tx ->
            events.forEach(event ->
                tx.sql(
                        """
                        insert into event_failures (user_id, event_id, attempts, next_retry_at, last_error)
                        values (:user, :event, 1, artel_now() + interval '5 seconds', :error)
                        on conflict (user_id, event_id) do nothing
                        """)
                    .param("user", user.value())
                    .param("event", event.value())
                    .param("error", failure.getClass().getSimpleName())
                    .update()));
  }
}
