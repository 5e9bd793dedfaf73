package dev.artel.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.db.Db;
import dev.artel.protocol.WireCodec;
import dev.artel.testing.Answer;
import dev.artel.testing.Client;
import dev.artel.testing.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

final class ProjectRoutesTest {
  private final World world = World.shared();
  private final Client me = world.user();

  @Test
  void a_new_project_answers_with_its_team_of_five() {
    Answer made =
        me.post("/my/projects/", Map.of("name", "Shop", "workspace_path", "/home/me/shop"))
            .expect(201);

    JsonNode project = made.json();
    assertThat(made.header("ETag")).isEqualTo("\"v1\"");
    assertThat(project.get("user_id").asString()).isEqualTo(me.user().toString());
    assertThat(project.get("name").asString()).isEqualTo("Shop");
    assertThat(project.get("workspace_path").asString()).isEqualTo("/home/me/shop");
    assertThat(project.get("is_default").booleanValue()).isFalse();
    assertThat(project.get("runner_id").isNull()).isTrue();
    assertThat(texts(project.get("agents"), "name"))
        .containsExactly("Architect", "Orchestrator", "Ask", "Debug", "Code");
    assertThat(me.get("/my/projects/" + project.get("id").asString()).expect(200).json())
        .isEqualTo(project);
  }

  @ParameterizedTest
  @CsvSource({
    "specialists, 'agent_coder,agent_analyzer,agent_writer,agent_researcher'",
    "assistants, 'CodeAssistant,DataAnalyst,DocumentWriter'"
  })
  void the_other_packs_bring_their_own_teams(String pack, String names) {
    JsonNode project =
        me.post("/my/projects", Map.of("name", pack, "starter_pack", pack)).expect(201).json();

    assertThat(texts(project.get("agents"), "name")).containsExactly(names.split(",", -1));
  }

  @Test
  void making_it_again_finds_it_and_another_path_is_another_project() {
    JsonNode first = make("Twice", "/a", 201);

    assertThat(make("Twice", "/a", 200)).isEqualTo(first);
    assertThat(make("Twice", "/b", 201).get("id")).isNotEqualTo(first.get("id"));
    assertThat(make("Twice", null, 201).get("id")).isNotEqualTo(first.get("id"));
    assertThat(me.get("/my/projects").json().get("total").intValue()).isEqualTo(3);
  }

  @Test
  void made_by_many_at_once_it_is_one_project_with_one_team() throws Exception {
    List<Answer> answers =
        atOnce(8, () -> me.post("/my/projects", Map.of("name", "Race", "workspace_path", "/r")));

    assertThat(answers).extracting(Answer::status).filteredOn(s -> s == 201).hasSize(1);
    assertThat(answers).extracting(Answer::status).containsOnly(201, 200);
    assertThat(answers)
        .extracting(a -> a.json().get("id"))
        .containsOnly(answers.getFirst().json().get("id"));
    assertThat(answers.getFirst().json().get("agents")).hasSize(5);
    assertThat(me.get("/my/projects").json().get("total").intValue()).isEqualTo(1);
  }

  @Test
  void the_same_key_gives_the_same_answer_and_another_body_is_refused() {
    Client keyed = me.with("Idempotency-Key", "project-1");

    Answer first = keyed.post("/my/projects", Map.of("name", "Keyed")).expect(201);
    Answer again = keyed.post("/my/projects", Map.of("name", "Keyed")).expect(201);

    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(again.json()).isEqualTo(first.json());
    assertThat(keyed.post("/my/projects", Map.of("name", "Other")).expect(409).reason())
        .isEqualTo("idempotency");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|/name",
        "{\"name\": null}|/name",
        "{\"name\": \"\"}|/name",
        "{\"name\": \"   \"}|/name",
        "{\"name\": 7}|/name",
        "{\"name\": \"a\\u0000b\"}|/name",
        "{\"name\": \"ok\", \"workspace_path\": 7}|/workspace_path",
        "{\"name\": \"ok\", \"workspace_path\": \"a\\nb\"}|/workspace_path",
        "{\"name\": \"ok\", \"starter_pack\": \"zoo\"}|/starter_pack"
      })
  void a_bad_body_is_refused_at_its_place(String body, String place) {
    assertThat(places(me.post("/my/projects", body).expect(422))).containsExactly(place);
  }

  @Test
  void too_long_a_name_and_path_are_both_named() {
    Answer refused =
        me.post("/my/projects", Map.of("name", "n".repeat(256), "workspace_path", "p".repeat(501)))
            .expect(422);

    assertThat(places(refused)).containsExactly("/name", "/workspace_path");
    me.post("/my/projects", Map.of("name", "😀".repeat(255), "workspace_path", "p".repeat(500)))
        .expect(201);
  }

  @Test
  void lists_are_paged_sorted_and_refuse_what_they_do_not_know() {
    for (String name : List.of("B", "C", "A")) {
      make(name, null, 201);
    }

    JsonNode page = me.get("/my/projects?limit=2&sort_by=name&order=desc").expect(200).json();

    assertThat(texts(page.get("projects"), "name")).containsExactly("C", "B");
    assertThat(page.get("projects").get(0).has("agents")).isFalse();
    assertThat(page.get("total_count").intValue()).isEqualTo(3);
    assertThat(page.get("has_next").booleanValue()).isTrue();
    JsonNode last = me.get(page.get("next_url").asString()).expect(200).json();
    assertThat(texts(last.get("projects"), "name")).containsExactly("A");
    assertThat(last.get("next_url").isNull()).isTrue();
    assertThat(texts(me.get("/my/projects").json().get("projects"), "name"))
        .containsExactly("B", "C", "A");
    for (String bad : List.of("limit=0", "limit=101", "offset=-1", "sort_by=id;", "owner=x")) {
      me.get("/my/projects?" + bad).expect(400);
    }
  }

  @Test
  void a_change_tells_itself_and_raises_the_version() {
    String path = "/my/projects/" + make("Old", "/x", 201).get("id").asString();

    Answer changed = me.put(path, Map.of("name", "New")).expect(200);

    assertThat(changed.header("ETag")).isEqualTo("\"v2\"");
    assertThat(changed.json().get("workspace_path").asString()).isEqualTo("/x");
    JsonNode event =
        me.get(path + "/events?event_type=project_updated").json().get("events").get(0);
    assertThat(event.get("payload").get("name").asString()).isEqualTo("New");
    assertThat(event.get("payload").get("workspace_path").asString()).isEqualTo("/x");
    // What changes nothing is no change.
    assertThat(me.put(path, Map.of("name", "New")).expect(200).header("ETag")).isEqualTo("\"v2\"");
    assertThat(
            me.put(path, "{\"workspace_path\": null}")
                .expect(200)
                .json()
                .get("workspace_path")
                .isNull())
        .isTrue();
    assertThat(places(me.put(path, "{\"name\": null}").expect(422))).containsExactly("/name");
  }

  @Test
  void a_stale_writer_is_refused_and_nothing_changes() {
    String path = "/my/projects/" + make("Seen", null, 201).get("id").asString();
    me.with("If-Match", "\"v1\"").put(path, Map.of("name", "Seen2")).expect(200);

    Client stale = me.with("If-Match", "\"v1\"");

    assertThat(
            stale
                .put(path, Map.of("name", "Seen3"))
                .expect(412)
                .json()
                .get("metadata")
                .get("current")
                .intValue())
        .isEqualTo(2);
    stale.delete(path).expect(412);
    assertThat(me.get(path).expect(200).json().get("name").asString()).isEqualTo("Seen2");
    me.with("If-Match", "\"v2\"").delete(path).expect(204);
  }

  @Test
  void a_name_and_path_that_are_taken_are_refused_also_at_once() throws Exception {
    make("Taken", "/t", 201);
    String path = "/my/projects/" + make("Mine", "/t", 201).get("id").asString();
    assertThat(me.put(path, Map.of("name", "Taken")).expect(409).reason()).isEqualTo("name_taken");

    List<String> paths = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      paths.add("/my/projects/" + make("Runner" + i, "/t", 201).get("id").asString());
    }
    List<Answer> answers =
        atOnce(
            paths.stream()
                .<Callable<Answer>>map(p -> () -> me.put(p, Map.of("name", "Goal")))
                .toList());
    assertThat(answers).extracting(Answer::status).filteredOn(s -> s == 200).hasSize(1);
    assertThat(answers).extracting(Answer::status).containsOnly(200, 409);
  }

  @Test
  void the_default_project_is_made_once_however_many_need_it() throws Exception {
    List<Answer> answers = atOnce(8, () -> me.get("/my/agents"));

    assertThat(answers).extracting(Answer::status).containsOnly(200);
    assertThat(answers).extracting(a -> a.json().get("total").intValue()).containsOnly(5);
    JsonNode projects = me.get("/my/projects").json().get("projects");
    assertThat(texts(projects, "name")).containsExactly("Default Project");
    assertThat(projects.get(0).get("is_default").booleanValue()).isTrue();
    assertThat(world.door(Projects.class).defaultOf(me.user()).toString())
        .isEqualTo(projects.get(0).get("id").asString());
  }

  @Test
  void asking_for_the_default_project_by_name_makes_the_default() {
    JsonNode named = make("Default Project", null, 201);

    assertThat(named.get("is_default").booleanValue()).isTrue();
    me.get("/my/agents").expect(200);
    assertThat(me.get("/my/projects").json().get("total").intValue()).isEqualTo(1);
  }

  @Test
  void a_deleted_default_project_is_made_anew() {
    me.get("/my/agents").expect(200);
    String first = me.get("/my/projects").json().get("projects").get(0).get("id").asString();

    me.delete("/my/projects/" + first).expect(204);

    me.get("/my/agents").expect(200);
    assertThat(me.get("/my/projects").json().get("projects").get(0).get("id").asString())
        .isNotEqualTo(first);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/agents", "/events", "/analytics", "/usage", "/orchestrator/config"})
  void foreign_unknown_and_malformed_projects_do_not_exist_and_allocate_nothing(String below) {
    String foreign =
        world.user().post("/my/projects", Map.of("name", "F")).json().get("id").asString();

    Answer answer = me.get("/my/projects/" + foreign + below).expect(404);

    assertThat(answer.json().get("detail").asString()).isEqualTo("Project not found");
    for (String id : List.of(UUID.randomUUID().toString(), "nonsense", "1-1-1-1-1")) {
      assertThat(withoutTime(me.get("/my/projects/" + id + below).expect(404)))
          .isEqualTo(withoutTime(answer));
    }
    assertThat(me.get("/my/projects").json().get("total").intValue()).isZero();
  }

  @Test
  void a_foreign_project_is_missing_whatever_else_is_wrong() {
    String foreign =
        "/my/projects/"
            + world.user().post("/my/projects", Map.of("name", "F")).json().get("id").asString();

    me.put(foreign, "{\"name\": 7}").expect(404);
    me.put(foreign, Map.of("name", "x")).expect(404);
    me.delete(foreign).expect(404);
    me.post(foreign + "/agents", "{}").expect(404);
  }

  @Test
  void deleting_takes_everything_inside_and_a_repeat_finds_nothing() {
    String id = make("Gone", null, 201).get("id").asString();
    me.put("/my/projects/" + id, Map.of("name", "Gone2")).expect(200);
    Db db = world.door(Db.class);
    UUID session = UUID.randomUUID();
    db.does(
        me.user(),
        tx -> {
          tx.sql(
                  """
                  insert into chat_sessions (id, user_id, project_id) values (:s, :u, :p)
                  """)
              .param("s", session)
              .param("u", me.user().value())
              .param("p", UUID.fromString(id))
              .update();
          tx.sql(
                  """
                  insert into messages (id, user_id, project_id, session_id, ordinal, role, content,
                                        status, agent_id)
                  select gen_random_uuid(), a.user_id, a.project_id, :s, 1, 'assistant', 'hi', 'done', a.id
                    from user_agents a
                   where a.user_id = :u and a.project_id = :p
                   limit 1
                  """)
              .param("s", session)
              .param("u", me.user().value())
              .param("p", UUID.fromString(id))
              .update();
        });

    me.delete("/my/projects/" + id).expect(204);

    for (String table :
        List.of(
            "user_projects",
            "user_agents",
            "agent_versions",
            "chat_sessions",
            "messages",
            "event_logs",
            "event_heads")) {
      assertThat(
              db.<Long>read(
                  me.user(),
                  tx ->
                      tx.sql("select count(*) from " + table + " where user_id = :u")
                          .param("u", me.user().value())
                          .query(Long.class)
                          .single()))
          .as(table)
          .isZero();
    }
    me.get("/my/projects/" + id).expect(404);
    me.delete("/my/projects/" + id).expect(404);
  }

  private JsonNode make(String name, @Nullable String path, int status) {
    var body = WireCodec.json().createObjectNode().put("name", name);
    if (path != null) {
      body.put("workspace_path", path);
    }
    return me.post("/my/projects", body).expect(status).json();
  }

  private static List<Answer> atOnce(int times, Callable<Answer> call) throws Exception {
    return atOnce(java.util.Collections.nCopies(times, call));
  }

  private static List<Answer> atOnce(List<Callable<Answer>> calls) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var answers = new ArrayList<Answer>();
      for (Future<Answer> answer : threads.invokeAll(calls)) {
        answers.add(answer.get());
      }
      return answers;
    }
  }

  private static List<String> places(Answer refused) {
    return texts(refused.json().get("errors"), "location");
  }

  private static List<String> texts(JsonNode array, String field) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(one -> one.get(field).asString())
        .toList();
  }

  private static String withoutTime(Answer answer) {
    return answer.body().replaceAll("\"timestamp\":\"[^\"]*\"", "");
  }
}
