package dev.artel.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.acceptance.Accepts;
import dev.artel.agent.AgentWorld.Member;
import dev.artel.llm.ModelErrorType;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// An endpoint that does not answer makes its agents ill, and well again once it does.
final class UnreachableModelTest {
  @Test
  @Accepts("S7.7")
  void an_endpoint_that_answers_with_an_error_is_found_alerted_and_tried_again() throws Exception {
    try (AgentWorld world = AgentWorld.start()) {
      Member code = world.member("Code");
      Member other = world.member("Code");
      code.say("work").expect(200);
      other.say("work").expect(200);
      world.model.listStatus(500);

      world.watch().checkOnce(Duration.ZERO);

      assertThat(code.status().get("health").get("result").asString())
          .isEqualTo("The model provider openai answers with an error.");
      assertThat(code.status().get("status").asString()).isEqualTo("error");
      assertThat(other.status().get("status").asString()).isEqualTo("error");
      assertThat(code.turns())
          .containsExactly(
              "ready>busy task session", "busy>ready task session", "ready>error health -");
      assertThat(code.say("refused").expect(503).json().get("error_code").asString())
          .isEqualTo("AGENT_UNAVAILABLE");
      assertThat(alerts(world)).isGreaterThanOrEqualTo(2);

      code.recoveryDue();
      world.watch().recoverOnce();
      Awaitility.await().atMost(AgentWorld.PATIENCE).until(() -> code.failures() == 2);
      assertThat(code.status().get("status").asString()).isEqualTo("error");

      world.model.listStatus(200);
      Awaitility.await()
          .atMost(AgentWorld.PATIENCE)
          .until(() -> {
            code.recoveryDue();
            world.watch().recoverOnce();
            return code.status().get("status").asString().equals("ready");
          });
      code.say("again").expect(200);
    }
  }

  private static double alerts(AgentWorld world) {
    return world
        .world
        .door(MeterRegistry.class)
        .get("agent_unhealthy")
        .tag("cause", "model")
        .counter()
        .count();
  }

  @Test
  void no_answer_in_time_no_connection_and_a_refused_key_are_ill_and_a_busy_endpoint_is_not() {
    assertThat(
            Arrays.stream(ModelErrorType.values())
                .map(type -> Checkup.finding("p", type).map(Checkup.Finding::error).orElse("ok")))
        .containsExactly(
            "The model provider p does not answer within 5 s.",
            "The model provider p cannot be reached.",
            "ok",
            "The model provider p refuses its key.",
            "ok",
            "The model provider p answers with an error.");
    assertThat(Checkup.finding("p", null)).isEmpty();
  }
}
