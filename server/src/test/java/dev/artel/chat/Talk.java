package dev.artel.chat;

import dev.artel.testing.Answer;
import dev.artel.testing.Client;
import dev.artel.testing.Lines;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One user in one session of theirs.
record Talk(Client me, String session) {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  String path() {
    return "/my/chat/" + session;
  }

  Answer say(String content) {
    return say(content, null);
  }

  /// Says it and waits for what comes of it.
  Answer say(String content, @Nullable String target) {
    var body = new LinkedHashMap<String, Object>();
    body.put("content", content);
    if (target != null) {
      body.put("target_agent", target);
    }
    return me.post(path() + "/message/", body);
  }

  /// Says it without waiting for an answer.
  ///
  /// @return the id of the stored message
  String drop(String content) {
    return new Talk(me.with("Prefer", "respond-async"), session)
        .say(content)
        .expect(202)
        .json()
        .get("id")
        .asString();
  }

  JsonNode message(String id) {
    return me.get(path() + "/messages/" + id).expect(200).json();
  }

  String status(String id) {
    return message(id).get("status").asString();
  }

  JsonNode awaitStatus(String id, String status) {
    Awaitility.await().atMost(PATIENCE).until(() -> status(id).equals(status));
    return message(id);
  }

  List<JsonNode> messages(String query) {
    return list(me.get("/my/chat/sessions/" + session + "/messages/" + query), "messages");
  }

  /// Role, status and text of every visible message.
  List<String> lines() {
    return messages("?limit=100").stream().map(Talk::line).toList();
  }

  static String line(JsonNode message) {
    return "%s %s %s"
        .formatted(
            message.get("role").asString(),
            message.get("status").asString(),
            message.get("content").asString());
  }

  /// The session's events so far, as the list of events tells them.
  List<JsonNode> events() {
    return list(me.get("/my/analytics/sessions/" + session + "/events?limit=100"), "events")
        .stream()
        .sorted(java.util.Comparator.comparingLong(event -> event.get("seq").asLong()))
        .toList();
  }

  List<JsonNode> events(String type) {
    return events().stream()
        .filter(event -> event.get("event_type").asString().equals(type))
        .toList();
  }

  Lines stream(String query) {
    return me.stream(path() + "/events" + query);
  }

  static List<JsonNode> list(Answer answer, String name) {
    return StreamSupport.stream(answer.expect(200).json().get(name).spliterator(), false).toList();
  }
}
