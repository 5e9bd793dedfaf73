package dev.artel.space;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.acceptance.Accepts;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.UserId;
import dev.artel.testing.Client;
import dev.artel.testing.World;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Worker spaces over HTTP, for their user and for the operator.
final class SpaceRoutesTest {
  private final World world = World.shared();
  private final Spaces spaces = world.door(Spaces.class);
  private final Client user = world.user();

  private String project(String name) {
    return user.post("/my/projects", Map.of("name", name)).expect(201).json().path("id").asString();
  }

  private static ProjectId id(String text) {
    return new ProjectId(UUID.fromString(text));
  }

  private JsonNode workspace(String project) {
    return user.get("/my/projects/" + project + "/workspace").expect(200).json();
  }

  private String ask(String project, String content) {
    return ask(project, "Ask", content);
  }

  private String ask(String project, String agent, String content) {
    String chat = "/my/projects/" + project + "/chat";
    String session =
        user.post(chat + "/sessions", Map.of()).expect(201).json().path("id").asString();
    return user.post(
            chat + "/" + session + "/message", Map.of("content", content, "target_agent", agent))
        .expect(200)
        .json()
        .path("task_id")
        .asString();
  }

  @Test
  void a_new_project_has_its_space_at_once_and_tells_how_it_does() {
    String project = project("told");
    assertThat(spaces.get(user.user(), id(project))).isPresent();
    String _ = ask(project, "hello");
    Awaitility.await().until(() -> workspace(project).path("total_tasks_processed").asLong() == 1);

    JsonNode told = workspace(project);

    assertThat(told.path("user_id").asString()).isEqualTo(user.user().toString());
    assertThat(told.path("project_id").asString()).isEqualTo(project);
    assertThat(told.path("initialized").asBoolean()).isTrue();
    assertThat(told.path("agents").path("total").asInt()).isEqualTo(5);
    assertThat(told.path("agents").path("active").asInt()).isEqualTo(5);
    assertThat(told.path("active_agents").asInt()).isEqualTo(5);
    assertThat(
            told.path("agents")
                .path("list")
                .valueStream()
                .map(a -> a.path("agent_name").asString()))
        .containsExactlyInAnyOrder("Architect", "Orchestrator", "Ask", "Debug", "Code");
    assertThat(told.path("cache").path("size").asInt()).isEqualTo(5);
    assertThat(told.path("cache").path("ttl_seconds").asInt()).isEqualTo(300);
    assertThat(told.path("context").path("total_vectors").asInt()).isZero();
    assertThat(told.path("health").path("is_healthy").asBoolean()).isTrue();
    assertThat(told.path("health").path("issues")).isEmpty();
    assertThat(told.path("is_healthy").asBoolean()).isTrue();
    assertThat(told.path("uptime_seconds").asDouble()).isPositive();
    assertThat(Instant.parse(told.path("initialization_time").asString()))
        .isBefore(Instant.parse(told.path("timestamp").asString()));
  }

  @Test
  void a_random_or_foreign_project_is_404_and_makes_no_space() {
    UserId stranger = world.user().user();
    Client other = world.user(stranger);
    String theirs = project("theirs");
    String random = UUID.randomUUID().toString();
    for (String project : List.of(theirs, random)) {
      for (String path : List.of("workspace", "agents", "queues", "chat/sessions", "tasks")) {
        assertThat(other.get("/my/projects/%s/%s".formatted(project, path)).expect(404).body())
            .contains("Project not found");
      }
    }

    assertThat(spaces.count(stranger)).isZero();
    assertThat(spaces.count(user.user())).isEqualTo(1);
    user.get("/my/projects/%s/agents".formatted(theirs)).expect(200);
    other.get("/my/agents").expect(200);
    assertThat(spaces.count(stranger)).as("every project endpoint uses the space").isEqualTo(1);
  }

  @Test
  @Accepts("WS-10.8.5")
  void a_deleted_project_or_user_has_no_space() {
    String kept = project("kept");
    String gone = project("gone");

    user.delete("/my/projects/" + gone).expect(204);

    assertThat(spaces.get(user.user(), id(gone))).isEmpty();
    assertThat(spaces.get(user.user(), id(kept))).isPresent();
    world.admin().delete("/admin/users/" + user.user()).expect(204);
    Awaitility.await().untilAsserted(() -> assertThat(spaces.count(user.user())).isZero());
  }

  @Test
  void fifty_parallel_requests_in_one_space_count_right() throws Exception {
    String project = project("crowd");
    Map<String, Object> config =
        Map.of("model", "demo/demo", "system_prompt", "Answer.", "concurrency_limit", 10);
    user.post("/my/projects/%s/agents".formatted(project), Map.of("name", "Many", "config", config))
        .expect(201);
    var tasks = new ArrayList<Future<String>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 50; i++) {
        String content = "question " + i;
        tasks.add(threads.submit(() -> ask(project, "Many", content)));
      }
      for (Future<String> task : tasks) {
        assertThat(task.get()).isNotEmpty();
      }
    }
    Awaitility.await().until(() -> workspace(project).path("total_tasks_processed").asLong() == 50);
    assertThat(
            user.get("/my/projects/%s/tasks?status=completed&limit=1".formatted(project))
                .json()
                .path("total")
                .asInt())
        .isEqualTo(50);
    assertThat(spaces.count(user.user())).isEqualTo(1);
  }

  @Test
  @Accepts("WS-10.2.7")
  void two_users_with_two_projects_see_their_own_agents_and_work_alone() {
    Client other = world.user();
    String mine = project("one");
    String mineToo = project("two");
    String theirs =
        other.post("/my/projects", Map.of("name", "one")).expect(201).json().path("id").asString();
    String _ = ask(mine, "counted here");
    Awaitility.await().until(() -> workspace(mine).path("total_tasks_processed").asLong() == 1);

    JsonNode twin = workspace(mineToo);
    JsonNode foreign = other.get("/my/projects/" + theirs + "/workspace").expect(200).json();

    assertThat(twin.path("total_tasks_processed").asLong()).isZero();
    assertThat(foreign.path("total_tasks_processed").asLong()).isZero();
    var agents = new ArrayList<String>();
    for (JsonNode space : List.of(workspace(mine), twin, foreign)) {
      space.path("agents").path("list").forEach(a -> agents.add(a.path("agent_id").asString()));
    }
    assertThat(agents).hasSize(15).doesNotHaveDuplicates();
  }

  @Test
  void a_reset_stops_the_work_and_the_next_message_is_answered() {
    String project = project("stuck");
    Space before = spaces.get(user.user(), id(project)).orElseThrow();
    String session =
        user.post("/my/projects/" + project + "/chat/sessions", Map.of())
            .expect(201)
            .json()
            .path("id")
            .asString();
    String post = "/my/projects/%s/chat/%s/message".formatted(project, session);
    Client dropping = user.with("Prefer", "respond-async");
    for (int i = 0; i < 5; i++) {
      dropping
          .post(post, Map.of("content", "long ".repeat(200) + i, "target_agent", "Ask"))
          .expect(202);
    }

    String path = "/admin/workspaces/%s/%s/reset".formatted(user.user(), project);
    JsonNode reset = world.admin().post(path, null).expect(200).json();

    assertThat(reset.path("initialized").asBoolean()).isTrue();
    assertThat(reset.path("stopped_tasks").asInt()).isPositive();
    assertThat(spaces.get(user.user(), id(project)).orElseThrow()).isNotSameAs(before);
    Awaitility.await()
        .until(() ->
            user.get("/my/projects/%s/tasks?status=cancelled&limit=1".formatted(project))
                    .json()
                    .path("total")
                    .asInt()
                > 0);
    assertThat(ask(project, "and now")).isNotEmpty();
    user.post(path, null).expect(403);
    world
        .admin()
        .post("/admin/workspaces/%s/%s/reset".formatted(UUID.randomUUID(), project), null)
        .expect(404);
  }

  @Test
  @Accepts({"WS-10.12.3", "WS-10.8.7"})
  void health_counts_spaces_and_shows_ids_to_operators_alone() {
    String project = project("healthy");
    String key = user.user() + "_" + project;

    JsonNode counted = world.stranger().get("/health").expect(200).json().path("workspaces");
    JsonNode stats = world.admin().get("/admin/workspaces/stats").expect(200).json();
    JsonNode health = world.admin().get("/admin/workspaces/health").expect(200).json();

    assertThat(counted.path("active").asInt()).isPositive();
    assertThat(counted.path("healthy").asInt()).isPositive();
    assertThat(world.stranger().get("/health").body()).doesNotContain(project);
    JsonNode entry = stats.path("spaces").path(key);
    assertThat(entry.path("user_id").asString()).isEqualTo(user.user().toString());
    assertThat(entry.path("project_id").asString()).isEqualTo(project);
    assertThat(entry.path("initialized").asBoolean()).isTrue();
    assertThat(entry.path("active_agents").asInt()).isEqualTo(5);
    assertThat(entry.path("cache_size").asInt()).isEqualTo(5);
    assertThat(entry.path("idle_time").isNumber()).isTrue();
    assertThat(health.path("total_spaces").asInt()).isPositive();
    assertThat(health.path("unhealthy_spaces").toString()).doesNotContain(key);
    for (String path : List.of("/admin/workspaces/stats", "/admin/workspaces/health")) {
      world.stranger().get(path).expect(401);
      user.get(path).expect(403);
    }
  }
}
