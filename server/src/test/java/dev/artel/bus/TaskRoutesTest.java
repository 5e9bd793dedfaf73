package dev.artel.bus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.testing.Client;
import dev.artel.testing.World;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Tasks and queues over HTTP.
final class TaskRoutesTest {
  private final World world = World.shared();
  private final Client user = world.user();

  private String agent() {
    return user.post(
            "/my/agents",
            Map.of(
                "name",
                "Asker",
                "config",
                Map.of("model", "demo/demo", "system_prompt", "Answer.")))
        .expect(201)
        .json()
        .path("id")
        .asString();
  }

  private String session() {
    return user.post("/my/chat/sessions", Map.of()).expect(201).json().path("id").asString();
  }

  private JsonNode answered(String session, String content) {
    return user.post(
            "/my/chat/%s/message".formatted(session),
            Map.of("content", content, "target_agent", "Asker"))
        .expect(200)
        .json();
  }

  private JsonNode task(String id) {
    return user.get("/my/tasks/" + id).expect(200).json();
  }

  private JsonNode ended(String id) {
    Awaitility.await().until(() -> !task(id).path("completed_at").isNull());
    return task(id);
  }

  @Test
  void a_message_is_a_task_that_can_be_listed_shown_and_run_again() {
    String agent = agent();
    String session = session();
    JsonNode answer = answered(session, "hello");
    String id = answer.path("task_id").asString();

    JsonNode task = ended(id);

    assertThat(task.path("status").asString()).isEqualTo("completed");
    assertThat(task.path("kind").asString()).isEqualTo("message");
    assertThat(task.path("agent_id").asString()).isEqualTo(agent);
    assertThat(task.path("session_id").asString()).isEqualTo(session);
    assertThat(task.path("message_id").asString())
        .isEqualTo(answer.path("user_message_id").asString());
    assertThat(task.path("attempts").asInt()).isEqualTo(1);
    assertThat(task.path("result").path("message_id").asString())
        .isEqualTo(answer.path("id").asString());
    assertThat(task.path("started_at").asString()).isNotEmpty();
    for (String none :
        new String[] {"waiting_on", "queue_position", "plan_id", "retry_of", "error"}) {
      assertThat(task.path(none).isNull()).as(none).isTrue();
    }
    JsonNode list =
        user.get("/my/tasks?status=completed&session_id=%s&agent_id=%s".formatted(session, agent))
            .expect(200)
            .json();
    assertThat(list.path("total").asInt()).isEqualTo(1);
    assertThat(list.path("tasks").path(0)).isEqualTo(task);
    assertThat(user.get("/my/tasks?status=failed").expect(200).json().path("total").asInt())
        .isZero();
    String project = user.get("/my/me").expect(200).json().path("default_project_id").asString();
    assertThat(user.get("/my/projects/%s/tasks/%s".formatted(project, id)).expect(200).json())
        .isEqualTo(task);

    JsonNode again = user.post("/my/tasks/%s/retry".formatted(id), Map.of()).expect(201).json();

    assertThat(again.path("retry_of").asString()).isEqualTo(id);
    assertThat(again.path("agent_id").asString()).isEqualTo(agent);
    assertThat(again.path("message_id")).isEqualTo(task.path("message_id"));
    assertThat(ended(again.path("id").asString()).path("status").asString()).isEqualTo("completed");
    JsonNode messages =
        user.get("/my/chat/%s/messages?include=superseded".formatted(session)).expect(200).json();
    assertThat(messages.path("messages")).hasSize(3);
    assertThat(
            user.post("/my/tasks/%s/cancel".formatted(id), Map.of())
                .expect(409)
                .json()
                .path("metadata")
                .path("reason")
                .asString())
        .isEqualTo("state");
  }

  @Test
  void a_repeat_with_the_same_key_makes_no_second_task() {
    agent();
    String session = session();
    String id = answered(session, "hello").path("task_id").asString();
    ended(id);
    Client keyed = user.with("Idempotency-Key", "again-" + id);

    JsonNode first = keyed.post("/my/tasks/%s/retry".formatted(id), Map.of()).expect(201).json();
    JsonNode second = keyed.post("/my/tasks/%s/retry".formatted(id), Map.of()).expect(201).json();

    assertThat(second.path("id")).isEqualTo(first.path("id"));
    ended(first.path("id").asString());
    assertThat(user.get("/my/tasks").expect(200).json().path("total").asInt()).isEqualTo(2);
  }

  @Test
  void a_filter_that_is_none_is_refused_and_a_missing_task_is_not_found() {
    assertThat(
            user.get("/my/tasks?status=sleeping").expect(400).json().path("error_code").asString())
        .isEqualTo("INVALID_FILTER");
    user.get("/my/tasks?agent_id=x").expect(400);
    user.get("/my/tasks?sort_by=prompt").expect(400);
    String nobody = "00000000-0000-4000-8000-000000000000";
    for (String path : new String[] {nobody, "x"}) {
      user.get("/my/tasks/" + path).expect(404);
      user.post("/my/tasks/%s/cancel".formatted(path), Map.of()).expect(404);
      user.post("/my/tasks/%s/retry".formatted(path), Map.of()).expect(404);
    }
  }

  private JsonNode queue(String agent) {
    for (JsonNode queue : user.get("/my/queues").expect(200).json().path("queues")) {
      if (queue.path("agent_id").asString().equals(agent)) {
        return queue;
      }
    }
    throw new AssertionError("no queue of agent " + agent);
  }

  @Test
  void each_agents_queue_is_shown_with_what_became_of_its_tasks() {
    String agent = agent();
    String session = session();
    ended(answered(session, "one").path("task_id").asString());
    ended(answered(session, "two").path("task_id").asString());

    JsonNode queue = queue(agent);

    assertThat(queue.path("agent_name").asString()).isEqualTo("Asker");
    assertThat(queue.path("size").asInt()).isZero();
    assertThat(queue.path("capacity").asInt()).isEqualTo(100);
    assertThat(queue.path("active").asInt()).isZero();
    assertThat(queue.path("waiting").asInt()).isZero();
    assertThat(queue.path("limit").asInt()).isEqualTo(3);
    assertThat(queue.path("oldest_queued_at").isNull()).isTrue();
    assertThat(queue.path("completed").asInt()).isEqualTo(2);
    assertThat(queue.path("failed").asInt()).isZero();
    assertThat(queue.path("throughput_per_s").asDouble()).isPositive();
    assertThat(queue.path("avg_seconds").isNumber()).isTrue();
    assertThat(queue.path("p95_seconds").asDouble())
        .isGreaterThanOrEqualTo(queue.path("avg_seconds").asDouble());
  }

  @Test
  void an_operator_sees_the_workers_and_the_queues() {
    agent();
    user.get("/admin/bus").expect(403);
    world.stranger().get("/admin/bus").expect(401);

    JsonNode bus = world.admin().get("/admin/bus").expect(200).json();

    assertThat(bus.path("workers")).isNotEmpty();
    JsonNode worker = bus.path("workers").path(0);
    assertThat(worker.path("node").asString()).isNotEmpty();
    assertThat(worker.path("since").asString()).isNotEmpty();
    assertThat(worker.has("active")).isTrue();
    assertThat(worker.path("healthy").isBoolean()).isTrue();
    JsonNode queues = bus.path("queues");
    assertThat(queues.path("total").asInt()).isPositive();
    assertThat(queues.has("queued")).isTrue();
    assertThat(queues.has("running")).isTrue();
    assertThat(queues.has("waiting")).isTrue();
    assertThat(queues.path("over_80_percent").isArray()).isTrue();
  }
}
