package dev.artel.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.acceptance.Accepts;
import dev.artel.testing.Answer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/// What becomes of a message when its task is refused, cancelled or run again by itself.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CancelledTaskTest {
  private final ChatWorld world = ChatWorld.start("ARTEL_AGENT_QUEUE_SIZE", "2");

  @AfterAll
  void close() throws IOException {
    world.close();
  }

  private static JsonNode cancel(Talk talk, JsonNode message, Object body) {
    return talk.me()
        .post("/my/tasks/%s/cancel".formatted(message.get("task_id").asString()), body)
        .expect(200)
        .json();
  }

  private static List<JsonNode> events(Talk talk, String type, JsonNode task) {
    return talk.events(type).stream()
        .map(event -> event.get("payload"))
        .filter(payload -> payload.get("task_id").equals(task.get("id")))
        .toList();
  }

  @Test
  @Accepts("S6.10")
  void a_full_queue_refuses_at_once_and_stores_nothing_until_its_owner_cancels_something()
      throws Exception {
    Talk talk = world.talk();
    ChatWorld.Held hold = world.hold("first");
    String first = talk.drop("first");
    hold.awaitReached();
    String second = talk.drop("second");
    String third = talk.drop("third");

    Answer refused = talk.say("fourth").expect(503);

    assertThat(refused.json().get("error_code").asString()).isEqualTo("QUEUE_FULL");
    assertThat(refused.json().get("detail").asString()).isEqualTo("Agent queue is full");
    assertThat(refused.header("Retry-After")).isNotNull();
    assertThat(talk.messages("?role=user")).hasSize(3);

    JsonNode task = cancel(talk, talk.message(second), Map.of("reason", "changed my mind"));

    assertThat(task.get("status").asString()).isEqualTo("cancelled");
    assertThat(task.get("error").asString()).isEqualTo("changed my mind");
    assertThat(talk.status(second)).isEqualTo("cancelled");
    assertThat(events(talk, "task_cancelled", task))
        .singleElement()
        .satisfies(
            payload -> assertThat(payload.get("reason").asString()).isEqualTo("changed my mind"));
    talk.drop("fourth");
    hold.letGo();
    talk.awaitStatus(first, "done");
    talk.awaitStatus(third, "done");
    assertThat(world.model.requests().stream().map(request -> request.lastText()))
        .doesNotContain("second");
  }

  @Test
  void a_running_task_that_is_cancelled_ends_with_what_it_had_and_can_be_run_again()
      throws Exception {
    Talk talk = world.talk();
    ChatWorld.Held hold = world.hold("endless");
    String question = talk.drop("endless");
    hold.awaitReached();
    Awaitility.await()
        .until(() ->
            talk.me()
                    .get("/my/tasks?status=running&session_id=" + talk.session())
                    .expect(200)
                    .json()
                    .get("total")
                    .asInt()
                == 1);
    talk.me()
        .post(
            "/my/tasks/%s/retry".formatted(talk.message(question).get("task_id").asString()),
            Map.of())
        .expect(409);

    JsonNode running = cancel(talk, talk.message(question), Map.of());
    talk.awaitStatus(question, "cancelled");
    hold.letGo();

    JsonNode ended = talk.me().get("/my/tasks/" + running.get("id").asString()).expect(200).json();
    assertThat(ended.get("status").asString()).isEqualTo("cancelled");
    assertThat(events(talk, "task_cancelled", ended)).hasSize(1);

    JsonNode again =
        talk.me()
            .post("/my/tasks/%s/retry".formatted(ended.get("id").asString()), Map.of())
            .expect(201)
            .json();
    talk.awaitStatus(question, "done");
    assertThat(again.get("retry_of")).isEqualTo(ended.get("id"));
    assertThat(again.get("agent_id")).isEqualTo(ended.get("agent_id"));
  }
}
