package dev.artel.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.artel.acceptance.Accepts;
import dev.artel.protocol.EventId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Events whose way to the listeners is barred.
final class PublicationTest {
  private final Stage stage = Stage.open();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final List<EventId> passedOn = new CopyOnWriteArrayList<>();
  private final Set<EventId> poison = ConcurrentHashMap.newKeySet();
  private volatile boolean barred = true;
  private final Publication publication =
      new Publication(
          stage.db,
          stage.store,
          (_, _, lines) -> {
            for (Line line : lines) {
              EventId id = line.id();
              if (id == null || barred || poison.contains(id)) {
                throw new IllegalStateException("the way is barred");
              }
              passedOn.add(id);
            }
          },
          new OutboxMeters(registry, Clock.systemUTC()));

  @AfterEach
  void close() {
    stage.close();
  }

  /// What the log knows of an event that was not passed on.
  private record Row(int attempts, Optional<Integer> secondsToRetry, String error) {}

  private Optional<Row> row(EventId event) {
    return stage.db.read(
        stage.user,
        tx ->
            tx.sql(
                    """
                    select attempts, round(extract(epoch from next_retry_at - artel_now()))::int as wait,
                           last_error
                      from event_failures where user_id = :user and event_id = :event
                    """)
                .param("user", stage.user.value())
                .param("event", event.value())
                .query((row, _) ->
                    new Row(
                        row.getInt("attempts"),
                        Optional.ofNullable(row.getObject("wait", Integer.class)),
                        row.getString("last_error")))
                .optional());
  }

  private EventId fail(String title) {
    stage.delivery = publication;
    EventId event = stage.write(title);
    await().atMost(Duration.ofSeconds(20)).until(() -> row(event).isPresent());
    return event;
  }

  private void due(EventId event) {
    stage.db.does(
        stage.user,
        tx ->
            tx.sql(
                    """
                    update event_failures set next_retry_at = artel_now() - interval '1 second'
                     where user_id = :user and event_id = :event
                    """)
                .param("user", stage.user.value())
                .param("event", event.value())
                .update());
  }

  @Test
  void an_event_that_cannot_be_passed_on_is_tried_five_times_ever_more_rarely_and_then_waits() {
    EventId event = fail("stuck");
    assertThat(row(event).orElseThrow().attempts()).isEqualTo(1);
    assertThat(row(event).orElseThrow().error()).isEqualTo("IllegalStateException");
    assertThat(wait(event)).isBetween(2, 5);

    int attempts = 1;
    for (int seconds : List.of(10, 20, 40)) {
      due(event);
      publication.retryDue();
      assertThat(row(event).orElseThrow().attempts()).isEqualTo(++attempts);
      assertThat(wait(event)).isBetween(seconds - 3, seconds);
    }
    due(event);
    publication.retryDue();

    assertThat(row(event)).contains(new Row(5, Optional.empty(), "IllegalStateException"));
    assertThat(Publication.backoffSeconds(9)).isEqualTo(300);
  }

  private int wait(EventId event) {
    return row(event).orElseThrow().secondsToRetry().orElseThrow();
  }

  @Test
  void one_that_stays_stuck_holds_up_none_of_the_others() {
    EventId stuck = fail("stuck");
    EventId unlucky = fail("unlucky");
    poison.add(stuck);
    barred = false;
    EventId later = stage.write("later");
    due(stuck);
    due(unlucky);

    publication.retryDue();

    assertThat(passedOn).containsExactly(later, unlucky);
    assertThat(row(unlucky)).isEmpty();
    assertThat(row(stuck).orElseThrow().attempts()).isEqualTo(2);
  }

  @Test
  void what_waits_and_what_failed_is_counted() {
    barred = false;
    stage.delivery = publication;
    stage.write("fine");
    barred = true;
    fail("stuck");

    publication.measure();

    assertThat(registry.get("outbox_publish_success").counter().count()).isEqualTo(1);
    assertThat(registry.get("outbox_publish_failed").counter().count()).isEqualTo(1);
    assertThat(registry.get("outbox_pending_count").gauge().value()).isPositive();
    assertThat(registry.get("outbox_oldest_pending_age_seconds").gauge().value()).isPositive();
    assertThat(registry.get("outbox_publish_latency_ms").summary().count()).isEqualTo(1);
  }

  @Test
  @Accepts("X-13")
  void the_change_stands_and_a_reader_gets_the_event_from_the_log() {
    Stage.Opened reader = stage.opened(stage.request());
    EventId barredEvent = fail("stuck");
    stage.delivery = stage.publication;
    EventId next = stage.write("next");

    reader.awaitIds(List.of(barredEvent.toString(), next.toString()));
    assertThat(reader.sink().ids()).containsExactly(barredEvent.toString(), next.toString());
  }
}
