package dev.artel.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.artel.acceptance.Accepts;
import dev.artel.event.CapturedLog;
import dev.artel.testing.Answer;
import dev.artel.testing.Client;
import dev.artel.testing.Lines;
import dev.artel.testing.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Who asks for a stream that is not theirs.
final class StreamWatchTest {
  private final World world = World.shared();
  private final Client me = world.user();
  private final Client owner = world.user();
  private final String myProject = project(me);
  private final String theirProject = project(owner);
  private final String theirs = session(owner);

  private static String project(Client of) {
    return of.get("/my/me").expect(200).json().get("default_project_id").stringValue();
  }

  private static String session(Client of) {
    return of.post("/my/chat/sessions", Map.of()).expect(201).json().get("id").stringValue();
  }

  @Test
  @Accepts("S12.4.2")
  void asking_for_a_foreign_or_unknown_session_gets_404_without_a_byte_of_stream_and_is_noted() {
    String unknown = UUID.randomUUID().toString();
    record Asked(String path, String project, String session) {}
    List<Asked> all =
        List.of(
            new Asked("/my/projects/%s/chat/%s/events", myProject, theirs),
            new Asked("/my/projects/%s/chat/%s/events/", myProject, unknown),
            new Asked("/my/projects/%s/chat/%s/events", theirProject, theirs),
            new Asked("/my/projects/%s/chat/%s/events", theirProject, unknown),
            new Asked("/my/chat/%2$s/events", "default", theirs),
            new Asked("/my/chat/%2$s/events", "default", unknown));
    for (Asked asked : all) {
      try (var log = new CapturedLog(StreamWatch.class)) {
        String path = asked.path().formatted(asked.project(), asked.session());
        Answer answer = me.with("Accept", "application/x-ndjson").get(path);

        assertThat(answer.status()).as(path).isEqualTo(404);
        assertThat(answer.header("Content-Type")).startsWith("application/json");
        assertThat(answer.body()).startsWith("{\"detail\"").doesNotContain("heartbeat", "event_id");
        await().atMost(Duration.ofSeconds(20)).until(() -> log.messages().size() == 1);
        assertThat(log.messages().getFirst()).startsWith("possible isolation violation");
        assertThat(log.values(0))
            .isEqualTo(
                Map.of(
                    "user", me.user().toString(),
                    "project", asked.project(),
                    "session", asked.session(),
                    "client_ip", "127.0.0.1"));
      }
    }
  }

  @Test
  void following_ones_own_session_is_no_sign_of_anything() {
    try (var log = new CapturedLog(StreamWatch.class);
        Lines lines = me.stream("/my/chat/" + session(me) + "/events")) {
      lines.json();
      me.get("/my/chat/" + theirs + "/messages").expect(404);

      assertThat(log.messages()).isEmpty();
    }
  }
}
