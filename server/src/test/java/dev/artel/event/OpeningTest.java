package dev.artel.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.artel.acceptance.Accepts;
import dev.artel.protocol.EventId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// How streams are let in, counted and let go.
final class OpeningTest {
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
              null,
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
  @Accepts("S12.6.4")
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
  @Accepts("S12.4.4")
  void opening_and_closing_are_logged_with_all_that_an_audit_asks() {
    try (Stage stage = Stage.open();
        var captured = new CapturedLog(Streams.class)) {
      Stage.Opened reader = stage.opened(stage.request());
      EventId event = stage.write("t");
      reader.awaitIds(List.of(event.toString()));
      stage.streams.drain();
      reader.awaitEnd();

      assertThat(captured.messages()).containsExactly("stream opened", "stream closed");
      assertThat(captured.values(0))
          .containsEntry("user", stage.user.toString())
          .containsEntry("project", stage.project.toString())
          .containsEntry("session", stage.session.toString())
          .containsEntry("client_ip", "127.0.0.1");
      assertThat(captured.values(1))
          .containsEntry("user", stage.user.toString())
          .containsEntry("session", stage.session.toString())
          .containsEntry("client_ip", "127.0.0.1")
          .containsEntry("events", "3")
          .containsEntry("reason", "TOLD_TO_END")
          .containsKey("millis");
    }
  }

  @Test
  @Accepts("S12.8.1")
  void streams_and_lines_are_counted_without_naming_anybody() {
    try (Stage stage = Stage.open()) {
      Stage.Opened reader = stage.opened(stage.request());
      Stage.Opened leaving = stage.opened(stage.feed());
      EventId event = stage.write("t");
      reader.awaitIds(List.of(event.toString()));
      leaving.awaitIds(List.of(event.toString()));

      // A line is counted just after it was written.
      await()
          .untilAsserted(() ->
              assertThat(stage.registry.get("streaming_delivery_latency").timer().count())
                  .isEqualTo(2));
      assertThat(stage.registry.get("streaming_connections_active").gauge().value()).isEqualTo(2);
      assertThat(stage.registry.get("streaming_connections_users").gauge().value()).isEqualTo(1);
      assertThat(stage.registry.get("streaming_connections_per_user_max").gauge().value())
          .isEqualTo(2);
      assertThat(stage.registry.get("streaming_connections_per_session_max").gauge().value())
          .isEqualTo(1);
      await()
          .untilAsserted(() ->
              assertThat(
                      stage
                          .registry
                          .counter("streaming_events_sent", "type", "session_updated")
                          .count())
                  .isEqualTo(2));
      leaving.sink().hangUp();
      stage.write("u");
      leaving.awaitEnd();

      assertThat(stage.registry.get("streaming_connections_lost").counter().count()).isEqualTo(1);
      assertThat(stage.registry.getMeters())
          .flatExtracting(meter -> meter.getId().getTags())
          .allSatisfy(tag -> assertThat(tag.getValue()).doesNotContain("-"));
    }
  }
}
