package dev.artel.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.acceptance.Accepts;
import dev.artel.testing.Client;
import dev.artel.testing.Lines;
import dev.artel.testing.OwnDatabase;
import dev.artel.testing.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// A service whose streams are out of order while the rest of it works.
final class StreamingDownTest {
  private static final Map<String, String> SETTINGS =
      Map.of("ARTEL_JWT_SECRET_KEY", "0123456789abcdef0123456789abcdef0123456789abcdef");

  @Test
  @Accepts("X-13")
  void a_question_is_stored_and_answered_without_streams_and_its_events_come_when_they_are_back() {
    String stream;
    String position;
    Client before;
    try (World down = World.start(OwnDatabase.settings(), SETTINGS)) {
      before = down.user();
      String session =
          before.post("/my/chat/sessions", Map.of()).expect(201).json().get("id").stringValue();
      String agent =
          before
              .get("/my/agents")
              .expect(200)
              .json()
              .get("agents")
              .get(0)
              .get("name")
              .stringValue();
      stream = "/my/chat/" + session + "/events";
      try (Lines lines = before.stream(stream)) {
        position = lines.json().get("payload").get("position").stringValue();
      }

      down.door(Streams.class).close();

      assertThat(before.get(stream).status()).isEqualTo(503);
      before
          .post(
              "/my/chat/" + session + "/message",
              Map.of("content", "still there?", "target_agent", agent))
          .expect(200);
      List<String> roles = new ArrayList<>();
      before
          .get("/my/chat/sessions/" + session + "/messages")
          .expect(200)
          .json()
          .get("messages")
          .forEach(message -> roles.add(message.get("role").stringValue()));
      assertThat(roles).containsExactlyInAnyOrder("user", "assistant");
    }

    try (World back = World.start(OwnDatabase.settings(), SETTINGS)) {
      Client after = back.user(before.user());
      try (Lines lines = after.stream(stream + "?last_event_id=" + position)) {
        assertThat(List.of(created(lines), created(lines))).containsExactly("user", "assistant");
      }
    }
  }

  private static String created(Lines lines) {
    JsonNode line =
        lines.until(one -> one.get("event_type").stringValue().equals("message_created"));
    return line.get("payload").get("role").stringValue();
  }
}
