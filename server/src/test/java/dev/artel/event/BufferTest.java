package dev.artel.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.artel.acceptance.Accepts;
import dev.artel.protocol.EventId;
import dev.artel.protocol.SessionId;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What is kept in memory for those who come back.
@Accepts("S12.7.3")
final class BufferTest {
  @Test
  @Accepts("S12.3.1")
  void the_buffer_keeps_exactly_the_last_100_of_150_and_older_ones_come_from_the_log() {
    try (Stage stage = Stage.open()) {
      IntStream.range(0, 15).forEach(_ -> stage.writeAtOnce(10, "t"));
      assertThat(hotLines(stage)).isEqualTo(100);
      List<String> all = stage.logged(stage.session);
      Channel channel = channel(stage);

      Channel.Recent held =
          Objects.requireNonNull(channel.recent(stage.session, id(all.get(50)), 150));
      assertThat(held.lines().stream().map(line -> String.valueOf(line.id())))
          .containsExactlyElementsOf(all.subList(51, 150));
      assertThat(channel.recent(stage.session, id(all.get(49)), 150)).isNull();
      Stage.Opened older = stage.opened(stage.after(id(all.get(10))));
      older.awaitIds(all.subList(11, 150));
      assertThat(older.sink().ids()).isEqualTo(all.subList(11, 150));
    }
  }

  @Test
  @Accepts("S12.3.1")
  void a_line_is_kept_for_five_minutes_and_is_then_read_from_the_log() {
    try (Stage stage = Stage.open()) {
      long before = System.nanoTime();
      EventId first = stage.write("first");
      stage.writeAtOnce(3, "t");
      Channel channel = channel(stage);
      long fiveMinutes = Duration.ofMinutes(5).toNanos();

      assertThat(channel.sweep(before + fiveMinutes)).isFalse();
      assertThat(hotLines(stage)).isEqualTo(4);
      assertThat(channel.sweep(System.nanoTime() + fiveMinutes + 1)).isTrue();
      assertThat(channel.hotLines(stage.session)).isZero();
      assertThat(channel.hotLines(null)).isZero();

      List<String> all = stage.logged(stage.session);
      Stage.Opened late = stage.opened(stage.after(first));
      late.awaitIds(all.subList(1, 4));
      assertThat(late.sink().ids()).isEqualTo(all.subList(1, 4));
    }
  }

  @Test
  void a_restart_forgets_the_buffer_and_loses_no_event() {
    try (Stage stage = Stage.open()) {
      EventId first = stage.write("first");
      IntStream.range(0, 15).forEach(_ -> stage.writeAtOnce(10, "t"));
      List<String> all = stage.logged(stage.session);
      try (Stage.Restarted again = stage.restarted()) {
        Stage.Opened reader = again.opened(stage.after(first));
        reader.awaitIds(all.subList(1, 151));
        assertThat(reader.sink().ids()).isEqualTo(all.subList(1, 151));
      }
    }
  }

  @Test
  void a_channel_that_nobody_follows_is_let_go_with_its_last_line() {
    StreamLimits brief =
        new StreamLimits(
            Duration.ofSeconds(30),
            1000,
            1000,
            Duration.ofSeconds(300),
            Duration.ZERO,
            100,
            Duration.ofSeconds(1),
            1000,
            1 << 20);
    try (Stage stage = new Stage(brief)) {
      stage.write("t");
      await().atMost(Duration.ofSeconds(20)).until(() -> stage.hub.count() == 0);
    }
  }

  private static int hotLines(Stage stage) {
    return stage.streams.hotLines(stage.user, stage.project, stage.session);
  }

  private static Channel channel(Stage stage) {
    return Objects.requireNonNull(stage.hub.channel(stage.user, stage.project));
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

  private static EventId id(String text) {
    return new EventId(UUID.fromString(text));
  }
}
