package dev.artel.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.acceptance.Accepts;
import dev.artel.db.Db;
import dev.artel.testing.Answer;
import dev.artel.testing.Client;
import dev.artel.testing.World;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

final class SettingsRoutesTest {
  private final World world = World.shared();
  private final Client me = world.user();

  @Test
  @Accepts("S3.3")
  void the_settings_are_the_orchestrator_agents_own_in_every_spelling() {
    JsonNode first = me.get("/my/orchestrator/config").expect(200).json();
    String canonical =
        "/my/projects/"
            + me.get("/my/projects").json().get("projects").get(0).get("id").asString()
            + "/orchestrator/config";
    JsonNode agent = me.get("/my/agents/Orchestrator").json();
    assertThat(first.get("id")).isEqualTo(agent.get("id"));
    assertThat(first.get("user_id").asString()).isEqualTo(me.user().toString());
    assertThat(first.get("created_at")).isEqualTo(agent.get("created_at"));
    assertThat(first.get("model").asString()).isEqualTo("openrouter/openai/gpt-4.1");
    assertThat(first.get("max_parallel_agents").intValue()).isEqualTo(3);
    assertThat(first.get("approval_threshold_cost").doubleValue()).isEqualTo(0.1);
    assertThat(first.get("approval_threshold_tasks").intValue()).isEqualTo(3);
    assertThat(first.get("timeout_seconds").isNull()).isTrue();

    JsonNode put =
        me.put(
                canonical,
                """
                {"model": "openai/gpt-4o", "max_parallel_agents": 5, "approval_threshold_cost": 2.5,
                 "approval_threshold_tasks": 7, "routing_strategy": "capability",
                 "timeout_seconds": 60, "fallback_behavior": "ask"}
                """)
            .expect(200)
            .json();

    assertThat(me.get("/my/orchestrator/config").json()).isEqualTo(put);
    assertThat(me.get(canonical).json()).isEqualTo(put);
    JsonNode config = me.get("/my/agents/Orchestrator").json().get("config");
    for (String field :
        List.of(
            "model",
            "max_parallel_agents",
            "approval_threshold_cost",
            "approval_threshold_tasks",
            "routing_strategy",
            "timeout_seconds",
            "fallback_behavior")) {
      assertThat(config.get(field)).as(field).isEqualTo(put.get(field));
    }
    assertThat(config.get("system_prompt")).isEqualTo(agent.get("config").get("system_prompt"));

    // The other way round: the agent's change is the settings' change.
    me.patch("/my/agents/Orchestrator", Map.of("max_parallel_agents", 1)).expect(200);
    assertThat(me.get(canonical).json().get("max_parallel_agents").intValue()).isEqualTo(1);
    assertThat(
            me.put("/my/orchestrators/", Map.of("config", Map.of("max_parallel_agents", 2)))
                .expect(200)
                .json()
                .get("max_parallel_agents")
                .intValue())
        .isEqualTo(2);
    assertThat(me.get(canonical).json().get("approval_threshold_tasks").intValue()).isEqualTo(3);

    record Row(UUID id, UUID user, String agents) {}
    List<Row> rows =
        world
            .door(Db.class)
            .read(
                me.user(),
                tx ->
                    tx.sql(
                            """
                            select id, user_id, config ->> 'max_parallel_agents' as agents
                              from user_orchestrators where user_id = :u
                            """)
                        .param("u", me.user().value())
                        .query((row, _) ->
                            new Row(
                                row.getObject("id", UUID.class),
                                row.getObject("user_id", UUID.class),
                                row.getString("agents")))
                        .list());
    assertThat(rows)
        .containsExactly(
            new Row(UUID.fromString(first.get("id").asString()), me.user().value(), "2"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"max_parallel_agents\": 0}|/max_parallel_agents",
        "{\"max_parallel_agents\": 11}|/max_parallel_agents",
        "{\"approval_threshold_cost\": -0.01}|/approval_threshold_cost",
        "{\"approval_threshold_tasks\": 0}|/approval_threshold_tasks",
        "{\"timeout_seconds\": 0}|/timeout_seconds",
        "{\"timeout_seconds\": 601}|/timeout_seconds",
        "{\"model\": \"\"}|/model",
        "{\"routing_strategy\": 1}|/routing_strategy",
        "{\"config\": {\"max_parallel_agents\": 0}}|/config/max_parallel_agents",
        "{\"config\": 1}|/config",
        "[]|''"
      })
  void a_setting_out_of_range_changes_nothing(String body, String place) {
    JsonNode before = me.get("/my/orchestrator/config").expect(200).json();

    Answer refused = me.put("/my/orchestrator/config", body).expect(422);

    assertThat(refused.json().get("errors").get(0).get("location").asString()).isEqualTo(place);
    assertThat(me.get("/my/orchestrator/config").json()).isEqualTo(before);
  }

  @Test
  void a_project_without_orchestrator_has_no_settings_and_a_stale_writer_is_refused() {
    me.with("If-Match", "\"v9\"").put("/my/orchestrator/config", "{}").expect(412);
    me.delete("/my/agents/Orchestrator").expect(204);

    assertThat(me.get("/my/orchestrator/config").expect(404).json().get("detail").asString())
        .isEqualTo("Orchestrator not found");
    me.put("/my/orchestrator/config", "{}").expect(404);
  }

  @Test
  void every_fresh_project_has_its_orchestrator() {
    for (String name : List.of("A", "B")) {
      String id = me.post("/my/projects", Map.of("name", name)).json().get("id").asString();
      me.get("/my/projects/" + id + "/orchestrator/config").expect(200);
    }
  }
}
