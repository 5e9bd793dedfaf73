package dev.artel.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.protocol.WireCodec;
import dev.artel.testing.Answer;
import dev.artel.testing.Client;
import dev.artel.testing.Lines;
import dev.artel.testing.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What the API shows of a task's steps, and of a task as it happens.
final class TaskStreamTest {
  private final Client me = World.shared().user();
  private final String session =
      me.post("/my/chat/sessions", Map.of()).expect(201).json().get("id").asString();

  private String said(String content) {
    me.post("/my/chat/" + session + "/message", Map.of("content", content)).expect(200);
    JsonNode messages =
        me.get("/my/chat/" + session + "/messages?limit=100").expect(200).json().get("messages");
    return messages.get(messages.size() - 1).get("task_id").asString();
  }

  private static List<JsonNode> all(Lines lines) {
    var all = new ArrayList<JsonNode>();
    for (String line = lines.next(); line != null; line = lines.next()) {
      all.add(WireCodec.json().readTree(line));
    }
    return all;
  }

  private static List<String> types(List<JsonNode> lines) {
    return lines.stream().map(line -> line.get("event_type").asString()).toList();
  }

  @Test
  void the_steps_of_a_task_are_listed_in_their_order() {
    String task = said("one step");

    JsonNode list = me.get("/my/tasks/" + task + "/steps").expect(200).json();

    assertThat(list.get("total").asInt()).isEqualTo(1);
    JsonNode step = list.get("steps").get(0);
    assertThat(step.get("step").asInt()).isEqualTo(1);
    assertThat(step.get("attempt").asInt()).isEqualTo(1);
    assertThat(step.get("kind").asString()).isEqualTo("model");
    assertThat(step.get("title").asString()).isEqualTo("demo/demo");
    assertThat(step.get("status").asString()).isEqualTo("completed");
    assertThat(step.get("provider").asString()).isEqualTo("demo");
    assertThat(step.get("model").asString()).isEqualTo("demo");
    assertThat(step.get("tokens_in").asInt()).isPositive();
    assertThat(step.get("tokens_out").asInt()).isPositive();
    assertThat(step.get("cost_usd").decimalValue()).isZero();
    assertThat(step.get("duration_ms").asLong()).isPositive();
    assertThat(step.get("error").isNull()).isTrue();
    assertThat(step.has("input")).isFalse();
    assertThat(me.get("/my/tasks/" + task + "/steps?after=1").expect(200).json().get("steps"))
        .isEmpty();
    me.get("/my/tasks/" + task + "/steps?after=x").expect(400);
  }

  @Test
  void a_step_is_shown_with_what_went_in_and_what_came_out() {
    String task = said("what went in");

    JsonNode step = me.get("/my/tasks/" + task + "/steps/1").expect(200).json();

    assertThat(step.get("step").asInt()).isEqualTo(1);
    assertThat(step.get("input").get("messages").get(0).get("text").asString())
        .isEqualTo("what went in");
    assertThat(step.get("output").get("text").asString()).contains("what went in");
    assertThat(step.get("output").get("finish_reason").asString()).isEqualTo("stop");
    assertThat(step.get("truncated").asBoolean()).isFalse();
    assertThat(me.get("/my/tasks/" + task + "/steps/2").expect(404).json().get("detail").asString())
        .isEqualTo("Step not found");
  }

  @Test
  void a_long_input_is_cut_at_64_kib_and_says_so() {
    String task = said("x".repeat(65_500));

    JsonNode step = me.get("/my/tasks/" + task + "/steps/1").expect(200).json();

    assertThat(step.get("truncated").asBoolean()).isTrue();
    assertThat(step.get("input").asString()).hasSize(64 * 1024);
    assertThat(step.get("output").get("text").asString()).isNotBlank();
  }

  @Test
  void a_task_that_nobody_has_has_no_steps() {
    String nobodys = "/my/tasks/" + UUID.randomUUID();
    for (String path : List.of("/steps", "/steps/1", "/events")) {
      Answer answer = me.get(nobodys + path).expect(404);
      assertThat(answer.json().get("detail").asString()).isEqualTo("Task not found");
    }
    String project =
        me.post("/my/projects", Map.of("name", "p")).expect(201).json().get("id").asString();
    me.get("/my/projects/" + project + "/tasks/" + said("here") + "/steps").expect(404);
  }

  @Test
  void the_stream_of_a_task_that_has_ended_tells_its_past_and_ends() {
    said("another task of the session");
    String task = said("followed late");

    List<JsonNode> lines;
    try (Lines stream = me.stream("/my/tasks/" + task + "/events")) {
      lines = all(stream);
    }

    assertThat(types(lines))
        .startsWith("heartbeat", "message_created", "task_queued")
        .containsSubsequence(
            "message_updated", "task_started", "task_step", "task_step", "message_created")
        .endsWith("task_completed", "session_closed");
    assertThat(lines.getLast().get("payload").get("reason").asString()).isEqualTo("task_ended");
    assertThat(lines)
        .filteredOn(line -> !line.get("event_id").isNull())
        .allSatisfy(
            line -> assertThat(line.get("payload").get("task_id").asString()).isEqualTo(task));
  }

  @Test
  void a_stream_that_is_resumed_behind_the_tasks_end_ends_at_once() {
    String task = said("resumed");
    String last;
    try (Lines stream = me.stream("/my/tasks/" + task + "/events")) {
      List<JsonNode> lines = all(stream);
      last = lines.get(lines.size() - 2).get("event_id").asString();
    }

    try (Lines stream = me.stream("/my/tasks/" + task + "/events?last_event_id=" + last)) {
      assertThat(types(all(stream))).containsExactly("heartbeat", "session_closed");
    }
  }

  @Test
  void a_stream_that_does_not_ask_for_the_end_ends_with_it_all_the_same() {
    String task = said("only progress");

    try (Lines stream = me.stream("/my/tasks/" + task + "/events?event_types=task_progress")) {
      assertThat(types(all(stream)))
          .containsExactly(
              "heartbeat",
              "task_progress",
              "task_progress",
              "task_progress",
              "task_progress",
              "session_closed");
    }
  }

  @Test
  void a_task_is_followed_as_it_happens_with_the_pieces_of_its_answer_alone() {
    String other = me.post("/my/chat/sessions", Map.of()).expect(201).json().get("id").asString();
    String elsewhere = asked(other, "elsewhere " + "word ".repeat(10));
    String task = asked(session, "tell at length " + "word ".repeat(20));

    List<JsonNode> lines;
    try (Lines stream = me.stream("/my/tasks/" + task + "/events?deltas=1")) {
      lines = all(stream);
    }

    assertThat(types(lines)).contains("message_delta").endsWith("task_completed", "session_closed");
    assertThat(lines.toString()).contains(task).doesNotContain(elsewhere);
    try (Lines stream =
        me.stream("/my/tasks/" + elsewhere + "/events?event_types=task_completed")) {
      assertThat(types(all(stream)))
          .containsExactly("heartbeat", "task_completed", "session_closed");
    }
  }

  /// Asks without waiting for the answer.
  ///
  /// @return the task
  private String asked(String in, String content) {
    return me.with("Prefer", "respond-async")
        .post("/my/chat/" + in + "/message", Map.of("content", content))
        .expect(202)
        .json()
        .get("task_id")
        .asString();
  }

  @Test
  void a_live_stream_that_filters_the_end_away_ends_with_it_all_the_same() {
    String task = asked(session, "live " + "word ".repeat(10));

    try (Lines stream = me.stream("/my/tasks/" + task + "/events?event_types=task_queued")) {
      assertThat(types(all(stream))).containsExactly("heartbeat", "task_queued", "session_closed");
    }
  }
}
