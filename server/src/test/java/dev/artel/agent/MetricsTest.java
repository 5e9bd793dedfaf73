package dev.artel.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.acceptance.Accepts;
import dev.artel.agent.AgentWorld.Member;
import dev.artel.testing.Client;
import dev.artel.testing.Reply;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What an agent did is summed up and kept.
final class MetricsTest {
  @Test
  @Accepts("S7.8")
  void sums_grow_with_each_end_and_outlive_sessions_and_restarts(@TempDir Path folder)
      throws Exception {
    Path prices = folder.resolve("prices");
    Files.writeString(prices, "openai/test-model 1000 2000 100");
    try (AgentWorld world = AgentWorld.start(Map.of("ARTEL_MODEL_PRICES", prices.toString()))) {
      Member code = world.member("Code");
      JsonNode none = code.me().get("/my/agents/Code/metrics").expect(200).json();
      assertThat(none.get("total_tasks").asInt()).isZero();
      assertThat(none.get("success_rate").isNull()).isTrue();
      assertThat(none.get("last_active_at").isNull()).isTrue();
      assertThat(code.status().get("execution").get("last_execution_time_ms").isNull()).isTrue();
      code.say("one").expect(200);
      code.say("two").expect(200);
      world.model.next(Reply.of("re: three").usage(10, 5, 4));
      code.say("three").expect(200);
      JsonNode three = code.me().get("/my/agents/Code/metrics").expect(200).json();
      assertThat(
              Stream.of("api_calls", "tokens_in", "tokens_out", "tokens_cached", "unpriced_calls")
                  .map(sum -> three.get(sum).asInt()))
          .containsExactly(3, 30, 15, 4, 0);
      assertThat(three.get("cost_usd").decimalValue()).isEqualByComparingTo("0.0564");
      world.model.next(Reply.error(500, "server_error"));
      code.say("four").expect(503);

      JsonNode sums = code.me().get("/my/agents/Code/metrics").expect(200).json();

      assertThat(sums.get("total_tasks").asInt()).isEqualTo(4);
      assertThat(sums.get("successful_tasks").asInt()).isEqualTo(3);
      assertThat(sums.get("failed_tasks").asInt()).isEqualTo(1);
      assertThat(sums.get("cancelled_tasks").asInt()).isZero();
      assertThat(sums.get("success_rate").asDouble()).isEqualTo(0.75);
      assertThat(sums.get("error_rate").asDouble()).isEqualTo(0.25);
      assertThat(sums.get("avg_duration_ms").asDouble()).isPositive();
      assertThat(sums.get("avg_processing_time").asDouble())
          .isEqualTo(sums.get("avg_duration_ms").asDouble() / 1000);
      assertThat(sums.get("last_active_at").asString()).isNotBlank();
      assertThat(sums.get("api_calls").asInt()).isGreaterThanOrEqualTo(3);
      assertThat(sums.get("tokens_in").asInt()).isPositive();
      assertThat(sums.get("tokens_out").asInt()).isPositive();
      JsonNode status = code.status();
      assertThat(status.get("execution").get("total_executions").asInt()).isEqualTo(4);
      assertThat(status.get("usage").get("tokens_in")).isEqualTo(sums.get("tokens_in"));
      assertThat(status.get("performance").get("error_rate").asDouble()).isEqualTo(0.25);
      for (String bucket : new String[] {"hour", "day"}) {
        JsonNode history =
            code.me()
                .get("/my/agents/Code/metrics/history?bucket=" + bucket)
                .expect(200)
                .json()
                .get("history");
        int total = 0;
        for (JsonNode piece : history) {
          total += piece.get("total_tasks").asInt();
          assertThat(piece.get("start").asString())
              .endsWith(bucket.equals("day") ? "T00:00:00Z" : ":00:00Z");
        }
        assertThat(total).as(bucket).isEqualTo(4);
      }
      assertThat(history(code.me(), "?to=2020-01-01")).isEmpty();
      assertThat(history(code.me(), "?from=2020-01-01")).isNotEmpty();
      assertThat(history(code.me(), "?from=9000-01-01")).isEmpty();
      code.me().get("/my/agents/Code/metrics/history?bucket=week").expect(400);
      code.me().get("/my/agents/Nobody/metrics").expect(404);

      code.me().delete("/my/chat/sessions/" + code.session()).expect(204);
      world.restart();

      Client later = world.world.user(code.me().user());
      assertThat(later.get("/my/agents/Code/metrics").expect(200).json()).isEqualTo(sums);
    }
  }

  private static JsonNode history(Client me, String query) {
    return me.get("/my/agents/Code/metrics/history" + query).expect(200).json().get("history");
  }
}
