package dev.artel.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.acceptance.Accepts;
import dev.artel.protocol.WireCodec;
import dev.artel.testing.Answer;
import dev.artel.testing.Client;
import dev.artel.testing.World;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

final class AgentRoutesTest {
  private final World world = World.shared();
  private final Client me = world.user();

  /// The two spellings of the agents of one's default project.
  enum Spelling {
    FLAT,
    CANONICAL
  }

  private String agents(Spelling spelling) {
    return switch (spelling) {
      case FLAT -> "/my/agents";
      case CANONICAL -> "/my/projects/" + defaultProject() + "/agents";
    };
  }

  private String defaultProject() {
    me.get("/my/agents").expect(200);
    return me.get("/my/projects").json().get("projects").get(0).get("id").asString();
  }

  @ParameterizedTest
  @EnumSource(Spelling.class)
  void an_agent_lives_from_create_to_delete(Spelling spelling) {
    String agents = agents(spelling);
    Answer made =
        me.post(
                agents + "/",
                """
                {"name": "Reviewer", "config": {"system_prompt": "You review.", "model": "openai/gpt-4o",
                 "tools": ["read_file", "search_files"], "concurrency_limit": 2, "temperature": 0.5,
                 "max_tokens": 100, "unknown": 1,
                 "metadata": {"role": "ask", "capabilities": ["code_review"], "risk_level": "LOW",
                  "cost_per_call": 0.01, "estimated_duration": 5, "max_vectors": 10, "team": {"a": 1},
                  "tool_policy": {"denied_tools": ["search_files"]}}}}
                """)
            .expect(201);

    JsonNode agent = made.json();
    String id = agent.get("id").asString();
    JsonNode config =
        json(
            """
            {"system_prompt": "You review.", "model": "openai/gpt-4o",
             "tools": ["read_file", "search_files"], "concurrency_limit": 2, "temperature": 0.5,
             "max_tokens": 100,
             "metadata": {"role": "ask", "capabilities": ["code_review"], "risk_level": "LOW",
              "cost_per_call": 0.01, "estimated_duration": 5, "max_vectors": 10,
              "tool_policy": {"denied_tools": ["search_files"]}, "team": {"a": 1}}}
            """);
    assertThat(agent)
        .isEqualTo(
            json(
                """
                {"id": "%s", "name": "Reviewer", "status": "ready", "created_at": "%s", "config": %s,
                 "agent_id": "user%s_Reviewer_1", "version": 1, "updated_at": "%s",
                 "last_error": null, "state": "idle",
                 "queue": {"size": 0, "capacity": 100, "active": 0, "waiting": 0}}
                """
                    .formatted(
                        id,
                        agent.get("created_at").asString(),
                        config,
                        me.user(),
                        agent.get("updated_at").asString())));
    assertThat(made.header("ETag")).isEqualTo("\"v1\"");
    assertThat(me.get(agents + "/" + id).expect(200).json()).isEqualTo(agent);

    JsonNode replaced =
        me.put(agents + "/" + id, Map.of("config", Map.of("system_prompt", "New.")))
            .expect(200)
            .json();
    assertThat(replaced.get("name").asString()).isEqualTo("Reviewer");
    assertThat(replaced.get("config"))
        .isEqualTo(
            json(
                """
                {"system_prompt": "New.", "model": "openrouter/openai/gpt-4.1", "tools": [],
                 "concurrency_limit": 3, "temperature": 0.7, "max_tokens": 4096,
                 "metadata": {"role": "custom", "capabilities": [], "max_vectors": 1000000}}
                """));
    assertThat(replaced.get("version").intValue()).isEqualTo(2);

    me.delete(agents + "/" + id).expect(204);
    me.get(agents + "/" + id).expect(404);
    me.delete(agents + "/" + id).expect(404);
    assertThat(types(me.get("/my/events?agent_id=" + id))).isEmpty();
    assertThat(types(me.get("/my/events?event_type=agent_deleted")))
        .containsExactly("agent_deleted");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"name\": \"N\", \"config\": {\"system_prompt\": \"S\", \"temperature\": 1}}",
        "{\"name\": \"N\", \"system_prompt\": \"S\", \"temperature\": 1}",
        "{\"config\": {\"name\": \"N\", \"system_prompt\": \"S\", \"temperature\": 1}}"
      })
  void every_spelling_of_the_body_is_taken(String body) {
    JsonNode agent = me.post("/my/agents", body).expect(201).json();

    assertThat(agent.get("name").asString()).isEqualTo("N");
    assertThat(agent.get("config").get("temperature").doubleValue()).isEqualTo(1);
    assertThat(
            me.put("/my/agents/N", body.replace("\"S\"", "\"T\""))
                .expect(200)
                .json()
                .get("config")
                .get("system_prompt")
                .asString())
        .isEqualTo("T");
  }

  @Accepts({"S4.1", "S7.4"})
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]|",
        "{\"config\": {\"system_prompt\": \"S\"}}|/name",
        "{\"name\": 7, \"config\": {\"system_prompt\": \"S\"}}|/name",
        "{\"name\": \"\", \"config\": {\"system_prompt\": \"S\"}}|/name",
        "{\"name\": \"a b\", \"config\": {\"system_prompt\": \"S\"}}|/name",
        "{\"name\": \"@a\", \"config\": {\"system_prompt\": \"S\"}}|/name",
        "{\"name\": \"Auto\", \"config\": {\"system_prompt\": \"S\"}}|/name",
        "{\"name\": \"available\", \"config\": {\"system_prompt\": \"S\"}}|/name",
        "{\"config\": {\"name\": \"a b\", \"system_prompt\": \"S\"}}|/config/name",
        "{\"name\": \"N\", \"config\": 7}|/config",
        "{\"name\": \"N\", \"config\": {}}|/config/system_prompt",
        "{\"name\": \"N\"}|/system_prompt",
        "{\"name\": \"N\", \"system_prompt\": \"\"}|/system_prompt",
        "{\"name\": \"N\", \"system_prompt\": \" \\n\"}|/system_prompt",
        "{\"name\": \"N\", \"system_prompt\": \"a\\u0000\"}|/system_prompt",
        "{\"name\": \"N\", \"system_prompt\": \"S\", \"model\": \"\"}|/model",
        "{\"name\": \"N\", \"system_prompt\": \"S\", \"model\": \"a b\"}|/model",
        "{\"name\": \"N\", \"system_prompt\": \"S\", \"tools\": [\"read_file\", \"fly\"]}|/tools/1",
        "{\"name\": \"N\", \"system_prompt\": \"S\", \"tools\": \"read_file\"}|/tools",
        "{\"name\": \"N\", \"system_prompt\": \"S\", \"concurrency_limit\": 0}|/concurrency_limit",
        "{\"name\": \"N\", \"system_prompt\": \"S\", \"concurrency_limit\": 11}|/concurrency_limit",
        "{\"name\": \"N\", \"system_prompt\": \"S\", \"concurrency_limit\": 1.5}|/concurrency_limit",
        "{\"name\": \"N\", \"system_prompt\": \"S\", \"temperature\": -0.1}|/temperature",
        "{\"name\": \"N\", \"system_prompt\": \"S\", \"temperature\": 2.1}|/temperature",
        "{\"name\": \"N\", \"system_prompt\": \"S\", \"temperature\": \"hot\"}|/temperature",
        "{\"name\": \"N\", \"system_prompt\": \"S\", \"temperature\": 1e999}|/temperature",
        "{\"name\": \"N\", \"system_prompt\": \"S\", \"temperature\": -10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000}|/temperature",
        "{\"name\": \"N\", \"system_prompt\": \"S\", \"max_tokens\": 0}|/max_tokens",
        "{\"name\": \"N\", \"system_prompt\": \"S\", \"max_tokens\": 128001}|/max_tokens",
        "{\"name\": \"N\", \"system_prompt\": \"S\", \"max_tokens\": 99999999999999999999}|/max_tokens",
        "{\"name\": \"N\", \"system_prompt\": \"S\", \"metadata\": []}|/metadata",
        "{\"name\": \"N\", \"system_prompt\": \"S\", \"metadata\": {\"role\": \"king\"}}|/metadata/role",
        "{\"name\": \"N\", \"system_prompt\": \"S\", \"metadata\": {\"capabilities\": [7]}}|/metadata/capabilities/0",
        "{\"name\": \"N\", \"system_prompt\": \"S\", \"metadata\": {\"risk_level\": \"NONE\"}}|/metadata/risk_level",
        "{\"name\": \"N\", \"system_prompt\": \"S\", \"metadata\": {\"cost_per_call\": -1}}|/metadata/cost_per_call",
        "{\"name\": \"N\", \"system_prompt\": \"S\", \"metadata\": {\"estimated_duration\": -1}}|/metadata/estimated_duration",
        "{\"name\": \"N\", \"system_prompt\": \"S\", \"metadata\": {\"max_vectors\": 0}}|/metadata/max_vectors",
        "{\"name\": \"N\", \"system_prompt\": \"S\", \"metadata\": {\"tool_policy\": {\"allowed_tools\": [\"fly\"]}}}|/metadata/tool_policy/allowed_tools/0",
        "{\"name\": \"N\", \"system_prompt\": \"S\", \"metadata\": {\"tool_policy\": {\"write_file_path_regex\": \"(\"}}}|/metadata/tool_policy/write_file_path_regex",
        "{\"name\": \"N\", \"system_prompt\": \"S\", \"metadata\": {\"base_url\": \"http://evil.example\"}}|/metadata/base_url",
        "{\"name\": \"N\", \"system_prompt\": \"S\", \"metadata\": {\"x/y\": [\"\\u0000\"]}}|/metadata/x~1y/0",
        "{\"name\": \"N\", \"system_prompt\": \"S\", \"metadata\": {\"role\": \"orchestrator\"}, \"max_parallel_agents\": 0}|/max_parallel_agents",
        "{\"name\": \"N\", \"system_prompt\": \"S\", \"metadata\": {\"role\": \"orchestrator\"}, \"approval_threshold_cost\": -1}|/approval_threshold_cost",
        "{\"name\": \"N\", \"system_prompt\": \"S\", \"metadata\": {\"role\": \"orchestrator\"}, \"timeout_seconds\": 601}|/timeout_seconds"
      })
  void every_rule_refuses_at_its_place_and_changes_nothing(String body, String place) {
    Answer refused = me.post("/my/agents", body).expect(422);

    assertThat(texts(refused.json().get("errors"), "location"))
        .containsExactly(place == null ? "" : place);
    assertThat(me.get("/my/agents").json().get("total").intValue()).isEqualTo(5);
    // Replacing knows the same rules; only the name may be absent there.
    JsonNode before = me.get("/my/agents/Ask").json();
    if (!"/name".equals(place)) {
      me.put("/my/agents/Ask", body).expect(422);
    }
    assertThat(me.get("/my/agents/Ask").json()).isEqualTo(before);
  }

  @Test
  @Accepts("S4.2")
  void an_answer_has_every_field_and_nothing_else() {
    JsonNode made =
        me.post("/my/agents", Map.of("name", "Whole", "config", Map.of("system_prompt", "S")))
            .expect(201)
            .json();
    for (JsonNode agent :
        List.of(
            made,
            me.get("/my/agents/Whole").expect(200).json(),
            me.get("/my/agents?name=Whole").expect(200).json().at("/agents/0"))) {
      // A name that is not here would be the place where a secret could show.
      assertThat(agent.propertyNames())
          .containsExactlyInAnyOrder(
              "id",
              "name",
              "status",
              "created_at",
              "config",
              "agent_id",
              "version",
              "updated_at",
              "last_error",
              "state",
              "queue");
      assertThat(agent.get("status").asString()).isEqualTo("ready");
      assertThat(agent.at("/config/tools").isArray()).isTrue();
      assertThat(agent.at("/config/model").isString()).isTrue();
      assertThat(agent.at("/queue").propertyNames())
          .containsExactlyInAnyOrder("active", "capacity", "size", "waiting");
    }
  }

  @Test
  void all_violations_are_named_at_once() {
    Answer refused =
        me.post(
                "/my/agents",
                """
                {"name": "N", "config": {"temperature": 3, "max_tokens": 0, "tools": ["fly"]}}
                """)
            .expect(422);

    assertThat(texts(refused.json().get("errors"), "location"))
        .containsExactlyInAnyOrder(
            "/config/system_prompt",
            "/config/temperature",
            "/config/max_tokens",
            "/config/tools/0");
  }

  @Test
  void malformed_and_untyped_bodies_are_refused_before_anything() {
    me.post("/my/agents", "{\"name\":").expect(400);
    me.with("Content-Type", "text/plain").post("/my/agents", "{}").expect(415);
    me.post("/my/agents", null).expect(422);
  }

  @Test
  void a_patch_tells_absent_from_null_and_merges_deeply() {
    create(
        "P",
        "{\"system_prompt\": \"S\", \"temperature\": 0.1, \"max_tokens\": 7,"
            + " \"tools\": [\"read_file\", \"write_file\"],"
            + " \"metadata\": {\"role\": \"code\", \"team\": \"red\", \"deep\": {\"a\": 1, \"b\": 2},"
            + " \"tool_policy\": {\"allowed_tools\": [\"read_file\"], \"denied_tools\": [\"edit_file\"]}}}");

    JsonNode patched =
        me.patch(
                "/my/agents/P",
                """
                {"config": {"temperature": null, "tools": ["edit_file"],
                 "metadata": {"team": null, "deep": {"a": null, "c": 3}, "tool_policy": {"denied_tools": null}}}}
                """)
            .expect(200)
            .json();

    assertThat(patched.get("config"))
        .isEqualTo(
            json(
                """
                {"system_prompt": "S", "model": "openrouter/openai/gpt-4.1", "tools": ["edit_file"],
                 "concurrency_limit": 3, "temperature": 0.7, "max_tokens": 7,
                 "metadata": {"role": "code", "capabilities": [], "max_vectors": 1000000,
                  "tool_policy": {"allowed_tools": ["read_file"]}, "deep": {"b": 2, "c": 3}}}
                """));
    assertThat(patched.get("version").intValue()).isEqualTo(2);
    assertThat(
            me.get("/my/events?event_type=agent_updated")
                .json()
                .get("events")
                .get(0)
                .get("payload")
                .get("changed"))
        .isEqualTo(
            json(
                "[\"temperature\", \"tools\", \"metadata.deep\", \"metadata.team\", \"metadata.tool_policy\"]"));
    // Flat, and the name alone.
    assertThat(
            me.patch("/my/agents/P", "{\"max_tokens\": 9}")
                .expect(200)
                .json()
                .get("config")
                .get("max_tokens")
                .intValue())
        .isEqualTo(9);
    assertThat(
            me.patch("/my/agents/P", "{\"name\": \"Q\"}").expect(200).json().get("name").asString())
        .isEqualTo("Q");
    // Nothing to change changes nothing.
    assertThat(me.patch("/my/agents/Q", "{}").expect(200).json().get("version").intValue())
        .isEqualTo(4);
  }

  @Accepts("S7.4")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"config\": {\"system_prompt\": null}}|/config/system_prompt",
        "{\"config\": {\"metadata\": {\"role\": \"king\"}}}|/config/metadata/role",
        "{\"config\": {\"temperature\": 9}}|/config/temperature",
        "{\"temperature\": 9}|/temperature",
        "{\"config\": null}|/config",
        "{\"name\": null}|/name",
        "{\"name\": \"a b\"}|/name"
      })
  void a_bad_patch_leaves_the_agent_as_it_was(String patch, String place) {
    JsonNode before = create("P", "{\"system_prompt\": \"S\"}");

    Answer refused = me.patch("/my/agents/P", patch).expect(422);

    assertThat(texts(refused.json().get("errors"), "location")).containsExactly(place);
    assertThat(me.get("/my/agents/P").json()).isEqualTo(before);
  }

  @Test
  void names_are_one_whatever_the_letter_case_in_every_script() {
    create("Писарь", "{\"system_prompt\": \"S\"}");
    create("Straße", "{\"system_prompt\": \"S\"}");

    for (String name : List.of("писарь", "ПИСАРЬ", "STRASSE", "ask", "ASK")) {
      Answer refused =
          me.post("/my/agents", Map.of("name", name, "system_prompt", "S")).expect(409);
      assertThat(refused.json().get("detail").asString())
          .isEqualTo("Agent with this name already exists");
      assertThat(refused.reason()).isEqualTo("name_taken");
    }
    assertThat(
            me.get("/my/agents/%D0%9F%D0%98%D0%A1%D0%90%D0%A0%D0%AC")
                .expect(200)
                .json()
                .get("name")
                .asString())
        .isEqualTo("Писарь");
    me.put("/my/agents/Ask", Map.of("name", "CODE", "config", Map.of("system_prompt", "S")))
        .expect(409);
    // Its own name in other letters is no other agent's.
    assertThat(
            me.patch("/my/agents/ask", "{\"name\": \"ASK\"}")
                .expect(200)
                .json()
                .get("name")
                .asString())
        .isEqualTo("ASK");
    // Another project may have the same.
    String other = me.post("/my/projects", Map.of("name", "Other")).json().get("id").asString();
    me.post("/my/projects/" + other + "/agents", Map.of("name", "Писарь", "system_prompt", "S"))
        .expect(201);
  }

  @Accepts("S3.2")
  @Test
  void of_many_that_take_one_name_at_once_one_gets_it() throws Exception {
    me.get("/my/agents").expect(200);
    List<Answer> answers =
        atOnce(
            Collections.nCopies(
                8, () -> me.post("/my/agents", Map.of("name", "One", "system_prompt", "S"))));

    assertThat(answers).extracting(Answer::status).filteredOn(s -> s == 201).hasSize(1);
    assertThat(answers).extracting(Answer::status).containsOnly(201, 409);
    assertThat(me.get("/my/agents").json().get("total").intValue()).isEqualTo(6);
  }

  @Test
  void a_repeated_create_with_a_key_has_one_effect_in_either_spelling() throws Exception {
    String canonical = agents(Spelling.CANONICAL);
    Client keyed = me.with("Idempotency-Key", "k");
    Map<String, String> body = Map.of("name", "Once", "system_prompt", "S");

    List<Answer> answers =
        atOnce(
            List.<Callable<Answer>>of(
                () -> keyed.post("/my/agents", body),
                () -> keyed.post(canonical, body),
                () -> keyed.post("/my/agents", body),
                () -> keyed.post(canonical, body)));

    assertThat(answers).extracting(Answer::status).containsOnly(201);
    assertThat(answers).extracting(Answer::json).containsOnly(answers.getFirst().json());
    assertThat(me.get("/my/agents").json().get("total").intValue()).isEqualTo(6);
  }

  @Accepts("X-05")
  @Test
  void lists_filter_by_all_conditions_sort_page_and_refuse_the_unknown() {
    me.get("/my/agents").expect(200);

    assertThat(names("")).containsExactly("Architect", "Orchestrator", "Ask", "Debug", "Code");
    assertThat(names("?role=code")).containsExactly("Code");
    assertThat(names("?status=ready&role=ask")).containsExactly("Ask");
    assertThat(names("?status=busy")).isEmpty();
    assertThat(names("?name=C")).containsExactly("Architect", "Orchestrator", "Code");
    assertThat(names("?name=c&role=code")).containsExactly("Code");
    assertThat(names("?sort_by=name&order=desc&limit=2")).containsExactly("Orchestrator", "Debug");
    assertThat(names("?limit=2&offset=4")).containsExactly("Code");
    for (String bad :
        List.of("status=zoo", "role=zoo", "name=%00", "sort_by=config", "colour=red", "limit=x")) {
      me.get("/my/agents?" + bad).expect(400);
    }
    assertThat(me.get("/my/agents?colour=red").json().get("metadata").get("field").asString())
        .isEqualTo("colour");
  }

  @Test
  void a_stale_writer_is_told_the_present_version() {
    create("V", "{\"system_prompt\": \"S\"}");
    Client stale = me.with("If-Match", "\"v1\"");
    stale.patch("/my/agents/V", "{\"temperature\": 1}").expect(200);

    for (Answer refused :
        List.of(
            stale.patch("/my/agents/V", "{\"temperature\": 2}"),
            stale.put("/my/agents/V", "{\"system_prompt\": \"T\"}"),
            stale.post("/my/agents/V/versions/1/restore", null),
            stale.delete("/my/agents/V"))) {
      assertThat(refused.expect(412).json().get("metadata").get("current").intValue()).isEqualTo(2);
    }
    me.with("If-Match", "\"v2\"").delete("/my/agents/V").expect(204);
  }

  @ParameterizedTest
  @EnumSource(Spelling.class)
  void foreign_and_unknown_agents_are_equally_missing(Spelling spelling) {
    Client other = world.user();
    String foreign = other.get("/my/agents/Ask").json().get("id").asString();
    String foreignReadable = other.get("/my/agents/Ask").json().get("agent_id").asString();
    String agents = agents(spelling);

    for (String id :
        List.of(foreign, foreignReadable, UUID.randomUUID().toString(), "Nobody", "x%20y")) {
      String path = agents + "/" + id;
      List<Answer> answers =
          List.of(
              me.get(path),
              me.put(path, "{\"system_prompt\": \"S\"}"),
              me.patch(path, "{}"),
              me.delete(path),
              me.get(path + "/versions"),
              me.get(path + "/versions/1"),
              me.post(path + "/versions/1/restore", null));
      assertThat(answers)
          .extracting(a -> a.expect(404).json().get("detail").asString())
          .containsOnly("Agent not found");
      assertThat(answers).allSatisfy(a -> assertThat(a.json().has("metadata")).isFalse());
    }
    // Mine, but of another project.
    String mine =
        me.post("/my/projects", Map.of("name", "Else"))
            .json()
            .get("agents")
            .get(0)
            .get("id")
            .asString();
    me.get(agents + "/" + mine).expect(404);
  }

  @Test
  void the_agents_of_a_session_are_listed_for_its_project_alone() {
    me.get("/my/agents/available/" + UUID.randomUUID() + "/").expect(404);
    me.get("/my/agents/available/x").expect(404);
  }

  private JsonNode create(String name, String config) {
    return me.post("/my/agents", "{\"name\": \"%s\", \"config\": %s}".formatted(name, config))
        .expect(201)
        .json();
  }

  private List<String> names(String query) {
    JsonNode page = me.get("/my/agents" + query).expect(200).json();
    return texts(page.get("agents"), "name");
  }

  private static List<String> types(Answer events) {
    return texts(events.expect(200).json().get("events"), "event_type");
  }

  private static List<String> texts(JsonNode array, String field) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(one -> one.get(field).asString())
        .toList();
  }

  private static JsonNode json(String text) {
    return WireCodec.json().readTree(text);
  }

  private static List<Answer> atOnce(List<Callable<Answer>> calls) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var answers = new ArrayList<Answer>();
      for (var answer : threads.invokeAll(calls)) {
        answers.add(answer.get());
      }
      return answers;
    }
  }
}
