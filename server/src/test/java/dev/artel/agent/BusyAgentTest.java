package dev.artel.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.acceptance.Accepts;
import dev.artel.agent.AgentWorld.Member;
import dev.artel.bus.Bus;
import dev.artel.testing.Client;
import dev.artel.testing.Reply;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Changing and deleting an agent that is at work.
final class BusyAgentTest {
  private final AgentWorld world = AgentWorld.start();

  @AfterEach
  void close() throws IOException {
    world.close();
  }

  @Test
  @Accepts({"X-06", "S7.2"})
  void what_is_made_answers_the_next_message_and_what_is_changed_counts_from_the_next_task()
      throws Exception {
    Client me = world.world.user();
    Map<String, Object> config =
        Map.of("model", "openai/test-model", "system_prompt", "Old words.");
    me.post("/my/agents/", Map.of("name", "Own", "config", config)).expect(201);
    me.post("/my/agents/", Map.of("name", "own", "config", config)).expect(409);
    Member own = world.member(me, "Own");
    own.say("hello").expect(200);
    assertThat(world.model.requests().getLast().system()).isEqualTo("Old words.");

    var reached = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    world.model.next(Reply.of("slow ").hold(reached, release).text("answer"));
    own.drop("slow");
    assertThat(reached.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(own.status().get("status").asString()).isEqualTo("busy");
    assertThat(own.status().get("state").asString()).isEqualTo("processing");

    me.put(
            "/my/agents/Own",
            Map.of("config", Map.of("model", "openai/test-model", "system_prompt", "New words.")))
        .expect(200);
    me.patch("/my/agents/Own", Map.of("config", Map.of("temperature", 99))).expect(422);
    release.countDown();
    own.awaitStatus("ready");

    assertThat(world.model.requests().getLast().system()).isEqualTo("Old words.");
    assertThat(own.messages().getLast().get("content").asString()).isEqualTo("slow answer");
    own.say("and now?").expect(200);
    assertThat(world.model.requests().getLast().system()).isEqualTo("New words.");
    me.patch("/my/agents/Own", Map.of("config", Map.of("system_prompt", "Newer words.")))
        .expect(200);
    own.say("and then?").expect(200);
    assertThat(world.model.requests().getLast().system()).isEqualTo("Newer words.");
    assertThat(me.get("/my/agents/Own").expect(200).json().get("version").asInt()).isEqualTo(3);
    assertThat(me.get("/my/agents/").expect(200).json().get("total").asInt()).isEqualTo(6);
    world.world.user().get("/my/agents/" + id(me)).expect(404);
    me.delete("/my/agents/Own").expect(204);
    own.say("gone?").expect(404);
    me.get("/my/agents/Own").expect(404);
  }

  private static String id(Client me) {
    return me.get("/my/agents/Own").expect(200).json().get("id").asString();
  }

  @Test
  @Accepts("X-07")
  void a_busy_agent_is_stopped_before_it_is_deleted() throws Exception {
    Member code = world.member("Code");
    world.model.next(Reply.of("half").thenSilence());
    code.drop("running");
    world.model.awaitRequest();
    code.awaitStatus("busy");
    code.drop("queued");

    code.me().delete("/my/agents/Code").expect(204);

    world.model.awaitClientGone();
    Awaitility.await()
        .atMost(AgentWorld.PATIENCE)
        .until(() -> world.world.door(Bus.class).active() == 0);
    assertThat(code.messages())
        .extracting(message -> message.get("status").asString())
        .containsExactly("cancelled", "cancelled");
    List<String> told =
        world
            .db()
            .read(
                code.me().user(),
                tx ->
                    tx.sql(
                            """
                            select event_type from event_logs
                             where user_id = :u and event_type in ('task_cancelled', 'agent_deleted')
                             order by project_seq
                            """)
                        .param("u", code.me().user().value())
                        .query(String.class)
                        .list());
    assertThat(told).containsExactly("task_cancelled", "task_cancelled", "agent_deleted");
    new Member(world, code.me(), code.session(), "Ask").say("still there?").expect(200);
  }
}
