package dev.artel.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.artel.protocol.AgentId;
import dev.artel.protocol.DeltaKind;
import dev.artel.protocol.Event;
import dev.artel.protocol.EventId;
import dev.artel.protocol.MessageId;
import dev.artel.protocol.MessageRole;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
  void an_event_is_encoded_once_for_all_its_readers() {
    try (Stage stage = Stage.open()) {
      List<Stage.Opened> readers =
          IntStream.range(0, 50).mapToObj(_ -> stage.opened(stage.request())).toList();
      EventId event = stage.write("shared");

      readers.forEach(reader -> reader.awaitIds(List.of(event.toString())));
      byte[] first = readers.getFirst().sink().writes().getLast();
      assertThat(readers)
          .allSatisfy(reader -> assertThat(reader.sink().writes().getLast()).isSameAs(first));
    }
  }

  @Test
  void a_slow_reader_is_cut_and_nobody_waits_for_it() {
    StreamLimits limits =
        new StreamLimits(
            Duration.ofSeconds(30),
            1000,
            1000,
            Duration.ofSeconds(300),
            Duration.ZERO,
            100,
            Duration.ofSeconds(300),
            50,
            1 << 20);
    try (Stage stage = new Stage(limits)) {
      Stage.Opened slow = stage.opened(stage.request());
      Stage.Opened quick = stage.opened(stage.request());
      slow.sink().stall();
      stage.write("blocks");
      await().until(slow.sink()::waiting);
      for (int i = 0; i < 60; i++) {
        EventId event = stage.write("t" + i);
        quick.awaitIds(List.of(event.toString()));
      }

      // Nobody drains it: only an interrupt of its write can end it.
      slow.awaitEnd();
      assertThat(quick.ended()).isNotDone();
      assertThat(quick.sink().ids()).isEqualTo(stage.logged(stage.session));
      assertThat(stage.registry.counter("streaming_connections_lost").count()).isEqualTo(1);
      assertThat(stage.registry.counter("streaming_dropped_events").count()).isPositive();
    }
  }

  @Test
  void a_reader_that_drains_after_it_fell_behind_is_told_so_and_its_position_still_holds() {
    StreamLimits limits =
        new StreamLimits(
            Duration.ofSeconds(30),
            1000,
            1000,
            Duration.ofSeconds(300),
            Duration.ZERO,
            100,
            Duration.ofSeconds(300),
            40,
            1 << 20);
    try (Stage stage = new Stage(limits)) {
      Stage.Opened slow = stage.opened(stage.request());
      // 32 lines are joined in one write; the rest is more than it may be behind.
      stage.writeAtOnce(100, "burst");

      slow.awaitEnd();
      assertThat(slow.sink().lines().getLast().get("payload").get("error_type").stringValue())
          .isEqualTo("slow_consumer");
      List<String> before = slow.sink().ids();
      Stage.Opened resumed =
          stage.opened(stage.after(new EventId(UUID.fromString(before.getLast()))));
      List<String> all = stage.logged(stage.session);
      resumed.awaitIds(all.subList(before.size(), all.size()));
      assertThat(before).isEqualTo(all.subList(0, before.size()));
      assertThat(resumed.sink().ids()).isEqualTo(all.subList(before.size(), all.size()));
    }
  }

  @Test
  void a_client_that_leaves_a_write_unread_is_closed() {
    StreamLimits limits =
        new StreamLimits(
            Duration.ofSeconds(30),
            1000,
            1000,
            Duration.ofMillis(100),
            Duration.ZERO,
            100,
            Duration.ofSeconds(300),
            1000,
            1 << 20);
    try (Stage stage = new Stage(limits)) {
      Stage.Opened slow = stage.opened(stage.request());
      slow.sink().stall();
      stage.write("blocks");

      slow.awaitEnd();
      await().until(() -> stage.streams.open() == 0);
    }
  }

  @Test
  void a_replay_that_is_slower_than_the_writers_lets_the_tail_go_and_still_misses_nothing() {
    StreamLimits limits =
        new StreamLimits(
            Duration.ofSeconds(30),
            1000,
            1000,
            Duration.ofSeconds(300),
            Duration.ZERO,
            10,
            Duration.ofSeconds(300),
            50,
            1 << 20);
    try (Stage stage = new Stage(limits)) {
      EventId first = stage.write("first");
      stage.writeAtOnce(300, "old");
      var sink = new MemorySink();
      sink.stall();
      Stage.Opened reader = stage.opening(stage.after(first), sink);
      await().until(sink::waiting);
      for (int i = 0; i < 12; i++) {
        stage.writeAtOnce(10, "meanwhile");
      }
      // Its place was taken away: it is far behind, waits for its client, and is not cut.
      await().until(() -> stage.hub.readers().getFirst().index() == Long.MAX_VALUE);
      assertThat(reader.ended()).isNotDone();
      sink.drain();

      List<String> all = stage.logged(stage.session);
      reader.awaitIds(all.subList(1, all.size()));
      EventId live = stage.write("live");
      reader.awaitIds(List.of(live.toString()));
      assertThat(sink.ids()).isEqualTo(stage.logged(stage.session).subList(1, all.size() + 1));
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
  void the_buffer_keeps_exactly_the_last_100_of_150_for_its_time_and_serves_a_resume_from_memory() {
    StreamLimits brief =
        new StreamLimits(
            Duration.ofSeconds(30),
            1000,
            1000,
            Duration.ofSeconds(300),
            Duration.ZERO,
            100,
            Duration.ofSeconds(4),
            1000,
            1 << 20);
    try (Stage stage = new Stage(brief)) {
      IntStream.range(0, 15).forEach(_ -> stage.writeAtOnce(10, "t"));
      assertThat(stage.streams.hotLines(stage.user, stage.project, stage.session)).isEqualTo(100);
      List<String> all = stage.logged(stage.session);
      Channel channel = Objects.requireNonNull(stage.hub.channel(stage.user, stage.project));

      Channel.Recent held =
          Objects.requireNonNull(channel.recent(stage.session, id(all.get(60)), 150));
      assertThat(held.lines().stream().map(line -> String.valueOf(line.id())))
          .containsExactlyElementsOf(all.subList(61, 150));
      assertThat(channel.recent(stage.session, id(all.get(40)), 150)).isNull();
      Stage.Opened older = stage.opened(stage.after(id(all.get(10))));
      older.awaitIds(all.subList(11, 150));
      assertThat(older.sink().ids()).isEqualTo(all.subList(11, 150));
      stage.streams.close();
      older.awaitEnd();
    }
    try (Stage stage = new Stage(brief)) {
      stage.write("t");
      assertThat(stage.hub.count()).isEqualTo(1);
      await().atMost(Duration.ofSeconds(20)).until(() -> stage.hub.count() == 0);
    }
  }

  private static EventId id(String text) {
    return new EventId(UUID.fromString(text));
  }

  @Test
  void a_session_that_is_gone_leaves_nothing_in_the_buffer_of_the_feed() {
    try (Stage stage = Stage.open()) {
      EventId before = stage.write(null, "project");
      SessionId doomed = stage.newSession();
      stage.write(doomed, "secret");
      Stage.Opened follower =
          stage.opened(Stage.with(stage.request(), doomed, new StreamRequest.Resume.Live()));

      stage.db.does(
          stage.user, tx -> stage.streams.closeWith(tx, stage.user, stage.project, doomed));

      follower.awaitEnd();
      assertThat(follower.sink().types()).containsExactly("heartbeat", "session_closed");
      Stage.Opened feed =
          stage.opened(Stage.with(stage.request(), null, new StreamRequest.Resume.After(before)));
      EventId after = stage.write(null, "later");
      feed.awaitIds(List.of(after.toString()));
      assertThat(feed.sink().text()).doesNotContain("secret");
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

  @Test
  void the_log_failing_while_a_stream_runs_ends_it_with_a_line_that_says_so() {
    try (Stage stage = Stage.open()) {
      stage.openings.add((_, _, _) -> {
        throw new IllegalStateException("out of order");
      });
      Stage.Opened reader = stage.opened(Stage.withDeltas(stage.request()));

      reader.awaitEnd();
      assertThat(reader.sink().types()).containsExactly("heartbeat", "error");
      assertThat(reader.sink().lines().getLast().get("payload").get("error_type").stringValue())
          .isEqualTo("internal");
      assertThat(stage.streams.users()).isZero();
    }
  }

  @Test
  void a_stream_that_cannot_begin_leaves_no_trace() {
    try (Stage stage = Stage.open()) {
      StreamRequest failing =
          new StreamRequest(
              stage.user,
              stage.project,
              stage.session,
              Format.NDJSON,
              new StreamRequest.Resume.Live(),
              null,
              false,
              false,
              stage.caller(Instant.now().plusSeconds(60)),
              () -> {
                throw new IllegalStateException("no database");
              },
              "");
      Stage.Opened refused = stage.opening(failing, new MemorySink());

      refused.awaitEnd();
      assertThat(refused.ended()).isCompletedExceptionally();
      assertThat(refused.sink().text()).isEmpty();
      assertThat(stage.streams.users()).isZero();
      assertThat(stage.streams.open()).isZero();
      assertThat(stage.hub.readers()).isEmpty();
    }
  }

  @Test
  void a_session_has_a_bound_of_its_own() {
    StreamLimits two =
        new StreamLimits(
            Duration.ofSeconds(30),
            1000,
            2,
            Duration.ofSeconds(300),
            Duration.ZERO,
            100,
            Duration.ofSeconds(300),
            1000,
            1 << 20);
    try (Stage stage = new Stage(two)) {
      stage.opened(stage.request());
      stage.opened(stage.request());
      Stage.Opened third = stage.opening(stage.request(), new MemorySink());

      third.awaitEnd();
      assertThat(third.ended()).isCompletedExceptionally();
      assertThat(stage.opened(stage.feed()).ended()).isNotDone();
    }
  }

  @Test
  void the_1001st_stream_of_a_user_is_refused_before_it_says_anything() {
    try (Stage stage = Stage.open()) {
      IntStream.range(0, 500).forEach(_ -> stage.opening(stage.request(), new MemorySink()));
      IntStream.range(0, 500).forEach(_ -> stage.opening(stage.feed(), new MemorySink()));
      await().atMost(Duration.ofSeconds(60)).until(() -> stage.streams.open() == 1000);
      Stage.Opened refused = stage.opening(stage.feed(), new MemorySink());

      refused.awaitEnd();
      assertThat(refused.ended()).isCompletedExceptionally();
      assertThat(refused.sink().text()).isEmpty();
      assertThat(stage.registry.get("streaming_connections_per_user_max").gauge().value())
          .isEqualTo(1000);
      assertThat(stage.registry.get("streaming_connections_per_session_max").gauge().value())
          .isEqualTo(500);
    }
  }

  @Test
  void ten_thousand_streams_come_and_go_and_leave_nothing_behind() throws Exception {
    try (Stage stage = Stage.open()) {
      for (int round = 0; round < 100; round++) {
        var sinks = new ArrayList<Stage.Opened>();
        for (int i = 0; i < 100; i++) {
          sinks.add(stage.opening(i % 2 == 0 ? stage.request() : stage.feed(), new MemorySink()));
        }
        await()
            .atMost(Duration.ofSeconds(30))
            .pollInterval(Duration.ofMillis(5))
            .untilAsserted(() -> assertThat(stage.streams.open()).isEqualTo(100));
        sinks.forEach(stream -> stream.sink().hangUp());
        // The first write after the client left fails and frees everything.
        stage.write("round");
        for (Stage.Opened stream : sinks) {
          stream.thread().join();
        }
      }

      assertThat(stage.streams.open()).isZero();
      assertThat(stage.streams.users()).isZero();
      assertThat(stage.hub.readers()).isEmpty();
      assertThat(stage.registry.get("streaming_connections_active").gauge().value()).isZero();
    }
  }
}
