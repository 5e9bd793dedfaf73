package dev.artel.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.artel.acceptance.Accepts;
import dev.artel.protocol.EventId;
import dev.artel.protocol.WireCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Readers that cannot keep up.
final class SlowReaderTest {
  @Test
  @Accepts("S12.6.2")
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
  @Accepts("S12.4.3")
  void a_client_that_reads_its_past_slowly_gains_no_time_beyond_its_token() {
    try (Stage stage = Stage.open()) {
      EventId first = stage.write("first");
      stage.writeAtOnce(300, "old");
      var stuck = new MemorySink();
      stuck.stall();
      Stage.Opened neverReads =
          stage.opening(until(stage, first, Instant.now().plusSeconds(1)), stuck);
      Stage.Opened comesLate = stage.opened(until(stage, first, Instant.now().minusSeconds(1)));

      comesLate.awaitEnd();
      assertThat(comesLate.sink().types()).containsExactly("heartbeat", "error");
      assertThat(comesLate.sink().lines().getLast().get("payload").get("error_type").stringValue())
          .isEqualTo("token_expired");
      // Nobody drains it, and it may leave a write unread for much longer than this test waits.
      neverReads.awaitEnd();
      assertThat(stage.streams.open()).isZero();
    }
  }

  private static StreamRequest until(Stage stage, EventId after, Instant expiry) {
    StreamRequest base = stage.after(after);
    return new StreamRequest(
        base.user(),
        base.project(),
        base.session(),
        base.format(),
        base.resume(),
        base.types(),
        base.strict(),
        base.deltas(),
        stage.caller(expiry),
        base.stillThere(),
        base.task(),
        base.clientIp());
  }

  @Test
  @Accepts("S12.5.3")
  void a_session_that_is_deleted_does_not_wait_for_a_client_that_does_not_read() {
    try (Stage stage = Stage.open()) {
      Stage.Opened stuck = stage.opened(stage.request());
      stuck.sink().stall();
      stage.write("blocks");
      await().until(stuck.sink()::waiting);

      stage.db.does(
          stage.user, tx -> stage.streams.closeWith(tx, stage.user, stage.project, stage.session));

      stuck.awaitEnd();
      assertThat(stage.hub.readers()).isEmpty();
    }
  }

  @Test
  void a_client_that_wants_nothing_of_a_long_past_hears_all_the_same_that_it_is_connected() {
    StreamLimits quick =
        new StreamLimits(
            Duration.ofNanos(1),
            1000,
            1000,
            Duration.ofSeconds(300),
            Duration.ZERO,
            10,
            Duration.ofSeconds(300),
            1000,
            1 << 20);
    try (Stage stage = new Stage(quick)) {
      EventId first = stage.write("first");
      stage.writeAtOnce(450, "old");
      List<String> all = stage.logged(stage.session);
      Stage.Opened reader =
          stage.opening(Stage.only(stage.after(first), false, "message_created"), new MemorySink());

      await().pollInterval(Duration.ofMillis(1)).until(() -> reader.sink().writes().size() > 6);
      reader.sink().hangUp();
      reader.awaitEnd();
      // At the opening, then behind every page of a hundred, not only when all had been passed.
      assertThat(reader.sink().text().lines().limit(5).map(WireCodec.json()::readTree))
          .extracting(line -> line.get("payload").get("position").stringValue())
          .containsExactly(all.get(0), all.get(100), all.get(200), all.get(300), all.get(400));
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

  @ParameterizedTest
  @CsvSource({"60, 1000000, 55, 0", "1000, 100000, 16, 5000"})
  @Accepts("S12.8.3")
  void one_that_is_stuck_is_warned_of_and_shown_before_it_is_cut_by_lines_or_by_bytes(
      int lines, long bytes, int written, int titleChars) {
    StreamLimits limits =
        new StreamLimits(
            Duration.ofSeconds(30),
            1000,
            1000,
            Duration.ofSeconds(300),
            Duration.ZERO,
            100,
            Duration.ofSeconds(300),
            lines,
            bytes);
    try (Stage stage = new Stage(limits);
        var captured = new CapturedLog(StreamMeters.class)) {
      Stage.Opened stuck = stage.opened(stage.request());
      stuck.sink().stall();
      stage.write("blocks");
      await().until(stuck.sink()::waiting);
      stage.writeAtOnce(written, "x".repeat(titleChars));

      await().atMost(Duration.ofSeconds(20)).until(() -> !captured.messages().isEmpty());
      assertThat(stage.registry.get("streaming_buffer_fill_ratio").gauge().value())
          .isBetween(0.8, 1.0);
      assertThat(stuck.ended()).isNotDone();
    }
  }

  @Test
  @Accepts("S12.8.3")
  void one_that_comes_near_the_bound_is_warned_of_once_and_shown_in_the_gauge() {
    StreamLimits limits =
        new StreamLimits(
            Duration.ofSeconds(30),
            1000,
            1000,
            Duration.ofSeconds(300),
            Duration.ZERO,
            100,
            Duration.ofSeconds(300),
            60,
            1 << 20);
    try (Stage stage = new Stage(limits);
        var captured = new CapturedLog(StreamMeters.class)) {
      Stage.Opened reader = stage.opened(stage.request());
      // After the first write of 32 lines it is 53 behind, of 60 that it may be.
      stage.writeAtOnce(85, "burst");
      reader.awaitIds(stage.logged(stage.session));

      assertThat(captured.messages())
          .containsExactly("a stream is close to being cut; its client reads too slowly");
      assertThat(stage.registry.get("streaming_buffer_fill_ratio").gauge().value())
          .isBetween(0.8, 1.0);

      assertThat(captured.values(0))
          .containsEntry("user", stage.user.toString())
          .containsEntry("session", stage.session.toString());
      stage.writeAtOnce(200, "flood");
      reader.awaitEnd();
      assertThat(stage.registry.counter("streaming_dropped_events").count()).isPositive();
    }
  }
}
