package dev.artel.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.acceptance.Accepts;
import dev.artel.bus.Bus;
import dev.artel.db.Db;
import dev.artel.testing.Client;
import dev.artel.testing.Reply;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/// What becomes of a turn whose model has a problem that may pass.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Accepts("S6.8")
final class PutOffTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ChatWorld world =
      ChatWorld.start("ARTEL_MODEL_MAX_TRIES", "3", "ARTEL_RATE_LIMIT_PER_MINUTE", "0");

  @AfterAll
  void close() throws IOException {
    world.close();
  }

  private static String text(JsonNode node, String field) {
    return node.get(field).asString();
  }

  private static List<String> steps(Talk talk) {
    String task = text(talk.messages("?role=user").getFirst(), "task_id");
    return Talk.list(talk.me().get("/my/tasks/" + task + "/steps"), "steps").stream()
        .map(step ->
            "%s %s %s %s"
                .formatted(
                    step.get("step"),
                    step.get("attempt"),
                    text(step, "status"),
                    step.get("error_type").isNull() ? "-" : text(step, "error_type")))
        .toList();
  }

  private static List<String> payloads(Talk talk, String type, String field) {
    return talk.events(type).stream()
        .map(event -> event.get("payload").get(field).asString())
        .toList();
  }

  @Test
  void a_temporary_error_is_tried_again_and_the_caller_gets_the_answer() {
    Talk talk = world.talk();
    world.model.next(Reply.error(429, "rate_limit_exceeded")).next(Reply.hangUp());

    JsonNode answer = talk.say("at last").expect(200).json();

    assertThat(text(answer, "content")).isEqualTo("re: at last");
    assertThat(answer.get("usage").get("calls").asInt()).isEqualTo(1);
    assertThat(talk.lines()).containsExactly("user done at last", "assistant done re: at last");
    assertThat(steps(talk))
        .containsExactly("1 1 failed rate_limit", "1 2 failed connection", "1 3 completed -");
    assertThat(payloads(talk, "task_retry_scheduled", "error_type"))
        .containsExactly("rate_limit", "connection");
    assertThat(payloads(talk, "task_step", "status"))
        .containsExactly("started", "failed", "started", "failed", "started", "completed");
    assertThat(payloads(talk, "task_progress", "progress_percent"))
        .as("progress never falls")
        .containsExactly("0", "20", "50", "90");
    assertThat(talk.events("direct_agent_call")).hasSize(1);
    assertThat(payloads(talk, "task_started", "attempt")).containsExactly("1", "2", "3");
    assertThat(talk.events("error")).isEmpty();
  }

  @Test
  void an_error_that_does_not_pass_fails_after_as_many_tries_as_are_set() {
    Talk talk = world.talk();
    for (int i = 0; i < 3; i++) {
      world.model.next(Reply.error(500, "server_error"));
    }

    talk.say("never").expect(503);

    assertThat(steps(talk))
        .containsExactly("1 1 failed unknown", "1 2 failed unknown", "1 3 failed unknown");
    assertThat(talk.events("task_retry_scheduled")).hasSize(2);
    assertThat(talk.events("task_failed")).hasSize(1);
    assertThat(payloads(talk, "task_failed", "attempts")).containsExactly("3");
    assertThat(payloads(talk, "error", "error_type")).containsExactly("unknown");
  }

  @Test
  void an_error_that_cannot_pass_is_not_tried_again() {
    Talk talk = world.talk();
    world.model.next(Reply.error(401, "invalid_api_key"));

    talk.say("wrong key").expect(503);

    assertThat(steps(talk)).containsExactly("1 1 failed authentication");
    assertThat(talk.events("task_retry_scheduled")).isEmpty();
  }

  @Test
  void what_broke_off_after_its_first_token_is_kept_and_not_tried_again() {
    Talk talk = world.talk();
    world.model.next(Reply.of("so ", "far").thenCut());

    talk.say("half").expect(503);

    assertThat(talk.lines()).containsExactly("user failed half", "assistant failed so far");
    assertThat(steps(talk)).containsExactly("1 1 failed connection");
  }

  @Test
  void a_provider_is_given_the_time_that_it_asks_for() {
    Talk talk = world.talk();
    world.model.next(Reply.error(429, "rate_limit_exceeded").retryAfter("3"));

    talk.say("patience").expect(200);

    JsonNode scheduled = talk.events("task_retry_scheduled").getFirst();
    Instant told = Instant.parse(text(scheduled, "created_at"));
    Instant due = Instant.parse(text(scheduled.get("payload"), "retry_at"));
    assertThat(Duration.between(told, due))
        .isBetween(Duration.ofMillis(2_900), Duration.ofMillis(3_600));
  }

  @Test
  void a_provider_that_asks_for_an_hour_is_not_waited_for() {
    Talk talk = world.talk();
    world.model.next(Reply.error(429, "rate_limit_exceeded").retryAfter("3600"));

    talk.say("too long").expect(503);

    assertThat(talk.events("task_retry_scheduled")).isEmpty();
  }

  @Test
  void a_turn_that_waits_to_be_tried_again_can_be_stopped() {
    Talk talk = world.talk();
    world.model.next(Reply.error(429, "rate_limit_exceeded").retryAfter("50"));
    String id = talk.drop("no more");
    Awaitility.await().atMost(PATIENCE).until(() -> !talk.events("task_retry_scheduled").isEmpty());

    talk.me().post(talk.path() + "/stop", Map.of()).expect(200);

    talk.awaitStatus(id, "cancelled");
    assertThat(talk.lines()).containsExactly("user cancelled no more");
    assertThat(talk.events("task_cancelled")).hasSize(1);
  }

  @Test
  void many_turns_that_wait_to_be_tried_again_hold_no_thread_and_no_connection() {
    int many = 200;
    Client me = world.world.user();
    List<String> agents =
        Talk.list(me.get("/my/agents/"), "agents").stream().map(a -> text(a, "name")).toList();
    agents.forEach(name ->
        me.patch("/my/agents/" + name, "{\"config\": {\"concurrency_limit\": 10}}").expect(200));
    world.model.always(_ -> Reply.error(429, "rate_limit_exceeded").retryAfter("59"));
    var talks = new ArrayList<Talk>();
    int threads = ManagementFactory.getThreadMXBean().getThreadCount();
    for (int i = 0; i < many; i++) {
      Talk talk = world.talk(me);
      talks.add(talk);
      new Talk(me.with("Prefer", "respond-async"), talk.session())
          .say("wait " + i, agents.get(i % agents.size()))
          .expect(202);
    }

    Bus bus = world.world.door(Bus.class);
    Db db = world.world.door(Db.class);
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          assertThat(waiting(me)).isEqualTo(many);
          assertThat(bus.active()).isZero();
          assertThat(db.pool().active()).isZero();
        });

    assertThat(ManagementFactory.getThreadMXBean().getThreadCount())
        .as("platform threads, whose number does not follow the waiting tasks'")
        .isLessThan(threads + 50);
    world.answerByDefault();
    talks.forEach(talk -> talk.me().post(talk.path() + "/stop", Map.of()).expect(200));
  }

  private int waiting(Client me) {
    return world
        .db()
        .read(
            me.user(),
            tx ->
                tx.sql("select count(*) from tasks where user_id = :user and waiting_on = 'retry'")
                    .param("user", me.user().value())
                    .query(Integer.class)
                    .single());
  }
}
