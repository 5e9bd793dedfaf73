package dev.artel.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.artel.protocol.EventId;
import dev.artel.protocol.SessionId;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What is kept in memory for those who come back.
final class BufferTest {
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
