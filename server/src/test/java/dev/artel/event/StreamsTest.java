package dev.artel.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.artel.acceptance.Accepts;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.DeltaKind;
import dev.artel.protocol.Event;
import dev.artel.protocol.EventId;
import dev.artel.protocol.MessageId;
import dev.artel.protocol.MessageRole;
import dev.artel.protocol.TaskId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class StreamsTest {
  @Test
  void commits_that_are_reported_in_any_order_are_sent_by_number() {
    try (Stage stage = Stage.open()) {
      Stage.Opened reader = stage.opened(stage.request());
      var held = new CopyOnWriteArrayList<List<Encoder.Envelope>>();
      stage.delivery = (_, _, events) -> held.add(events);
      IntStream.range(0, 5).forEach(i -> stage.write("t" + i));

      Collections.reverse(held);
      held.forEach(events -> stage.publication.publish(stage.user, stage.project, events));

      reader.awaitIds(stage.logged(stage.session));
      assertThat(reader.sink().ids()).isEqualTo(stage.logged(stage.session));
    }
  }

  @Test
  void what_nobody_reports_is_read_from_the_log_without_any_poll() {
    try (Stage stage = Stage.open()) {
      Stage.Opened reader = stage.opened(stage.request());
      stage.delivery = (_, _, _) -> {};
      stage.writeAtOnce(250, "unreported");
      stage.delivery = stage.publication;
      stage.write("reported");

      reader.awaitIds(stage.logged(stage.session));
      assertThat(reader.sink().ids()).isEqualTo(stage.logged(stage.session));
    }
  }

  @Test
  void a_position_whose_event_is_not_yet_reported_is_not_sent_its_own_event() {
    try (Stage stage = Stage.open()) {
      stage.opened(stage.request());
      var held = new ArrayList<List<Encoder.Envelope>>();
      stage.delivery = (_, _, events) -> held.add(events);
      EventId committed = stage.write("committed");
      Stage.Opened reader = stage.opened(stage.after(committed));
      stage.delivery = stage.publication;

      stage.publication.publish(stage.user, stage.project, held.getFirst());
      EventId next = stage.write("next");

      reader.awaitIds(List.of(next.toString()));
      assertThat(reader.sink().ids()).containsExactly(next.toString());
    }
  }

  @Test
  void a_rolled_back_change_is_never_sent() {
    try (Stage stage = Stage.open()) {
      Stage.Opened reader = stage.opened(stage.request());
      try {
        stage.db.does(
            stage.user,
            tx -> {
              stage.log.append(
                  tx,
                  stage.user,
                  Draft.in(
                      stage.project,
                      stage.session,
                      new Event.SessionUpdated(stage.session, "no", false, false, null)));
              throw new IllegalStateException("changed its mind");
            });
      } catch (IllegalStateException _) {
        // Meant to leave nothing behind.
      }
      EventId kept = stage.write("yes");

      reader.awaitIds(List.of(kept.toString()));
      assertThat(reader.sink().ids()).containsExactly(kept.toString());
      assertThat(reader.sink().lines().getLast().get("seq").longValue()).isEqualTo(1);
    }
  }

  @Test
  void an_event_that_cannot_be_written_as_json_is_skipped_and_its_change_stands() {
    try (Stage stage = Stage.open()) {
      Stage.Opened reader = stage.opened(stage.request());
      Map<String, Object> endless = new HashMap<>();
      endless.put("self", endless);
      stage.db.does(
          stage.user,
          tx -> {
            stage.log.append(
                tx, stage.user, Draft.in(stage.project, stage.session, said(stage, endless)));
            stage.log.append(
                tx, stage.user, Draft.in(stage.project, stage.session, said(stage, Map.of())));
          });

      reader.awaitType("message_created");
      assertThat(stage.logged(stage.session)).hasSize(1).isEqualTo(reader.sink().ids());
    }
  }

  private static Event.MessageCreated said(Stage stage, Map<String, Object> payload) {
    return new Event.MessageCreated(
        new MessageId(UUID.randomUUID()),
        stage.session,
        MessageRole.USER,
        "hi",
        payload,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  @Test
  @Accepts("S15.4")
  void an_event_is_encoded_once_for_all_its_readers() {
    try (Stage stage = Stage.open()) {
      List<Stage.Opened> readers =
          IntStream.range(0, 1000)
              .mapToObj(_ -> stage.opening(stage.request(), new MemorySink()))
              .toList();
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> readers.stream().noneMatch(one -> one.sink().text().isEmpty()));
      EventId event = stage.write("shared");

      readers.forEach(reader -> reader.awaitIds(List.of(event.toString())));
      byte[] first = readers.getFirst().sink().writes().getLast();
      assertThat(readers)
          .allSatisfy(reader -> assertThat(reader.sink().writes().getLast()).isSameAs(first));
    }
  }

  @Test
  void a_heartbeat_names_the_last_event_passed_also_one_that_was_filtered_out() {
    StreamLimits quick =
        new StreamLimits(
            Duration.ofMillis(50),
            1000,
            1000,
            Duration.ofSeconds(300),
            Duration.ZERO,
            100,
            Duration.ofSeconds(300),
            1000,
            1 << 20);
    try (Stage stage = new Stage(quick)) {
      Stage.Opened reader = stage.opened(Stage.only(stage.request(), false, "message_created"));
      assertThat(position(reader.sink().lines().getFirst())).isNull();

      EventId unwanted = stage.write("unwanted");

      await().until(() -> unwanted.toString().equals(position(reader.sink().lines().getLast())));
      assertThat(reader.sink().types()).containsOnly("heartbeat");
      Stage.Opened next = stage.opened(stage.request());
      assertThat(position(next.sink().lines().getFirst())).isEqualTo(unwanted.toString());
    }
  }

  private static @Nullable String position(JsonNode heartbeat) {
    JsonNode position = heartbeat.get("payload").get("position");
    return position.isNull() ? null : position.stringValue();
  }

  @Test
  void a_strict_client_is_sent_nothing_that_it_does_not_know_and_others_hear_of_their_connection() {
    try (Stage stage = Stage.open()) {
      var unknown = new StreamRequest.Resume.After(new EventId(UUID.randomUUID()));
      StreamRequest resuming = Stage.with(stage.request(), stage.session, unknown);
      stage.write("t");
      Stage.Opened strict =
          stage.opened(Stage.only(resuming, true, "heartbeat", "session_updated", "error"));
      Stage.Opened lenient = stage.opened(Stage.only(resuming, false, "message_created"));
      strict.awaitType("session_updated");
      lenient.awaitType("replay_gap");

      stage.streams.close();
      strict.awaitEnd();
      lenient.awaitEnd();

      assertThat(strict.sink().types()).containsExactly("heartbeat", "session_updated");
      assertThat(lenient.sink().types())
          .containsExactly("heartbeat", "replay_gap", "session_closed");
    }
  }

  @Test
  void snapshots_come_before_the_replay_and_live_lines_only_to_those_who_asked() {
    try (Stage stage = Stage.open()) {
      EventId first = stage.write("first");
      stage.write("second");
      stage.openings.add((_, _, _) -> List.of(delta(0, "Hel", true)));
      Stage.Opened asked = stage.opened(Stage.withDeltas(stage.after(first)));
      Stage.Opened unasked = stage.opened(stage.after(first));
      asked.awaitType("session_updated");
      unasked.awaitType("session_updated");

      assertThat(stage.streams.listening(stage.user, stage.project, stage.session)).isTrue();
      stage.streams.live(stage.user, stage.project, stage.session, delta(3, "lo", false));
      EventId last = stage.write("last");

      asked.awaitIds(List.of(last.toString()));
      unasked.awaitIds(List.of(last.toString()));
      assertThat(asked.sink().types())
          .containsExactly(
              "heartbeat", "message_delta", "session_updated", "message_delta", "session_updated");
      assertThat(unasked.sink().types())
          .containsExactly("heartbeat", "session_updated", "session_updated");
    }
  }

  private static Event.MessageDelta delta(int offset, String text, boolean snapshot) {
    return new Event.MessageDelta(
        new MessageId(new UUID(3, 1)),
        new MessageId(new UUID(3, 2)),
        new TaskId(new UUID(3, 3)),
        new AgentId(new UUID(3, 4)),
        "coder",
        1,
        DeltaKind.TEXT,
        offset,
        text,
        snapshot);
  }
}
