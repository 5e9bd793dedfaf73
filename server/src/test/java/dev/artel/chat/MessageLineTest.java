package dev.artel.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.acceptance.Accepts;
import dev.artel.testing.Answer;
import dev.artel.testing.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/// The messages of a session that wait for each other: their order, and what can be done about
/// those that wait or run.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MessageLineTest {
  private final ChatWorld world = ChatWorld.start();
  private final ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor();

  @AfterAll
  void close() throws IOException {
    pool.shutdownNow();
    world.close();
  }

  /// A question whose answer has begun and waits, under a text of its own.
  private record Busy(Talk talk, ChatWorld.Held hold, String question) {}

  private Busy busy() throws InterruptedException {
    Talk talk = world.talk();
    String text = "busy " + UUID.randomUUID();
    ChatWorld.Held hold = world.hold(text);
    String question = talk.drop(text);
    hold.awaitReached();
    Awaitility.await().until(() -> growing(talk).equals("re: "));
    return new Busy(talk, hold, question);
  }

  private static String growing(Talk talk) {
    JsonNode running =
        talk.me().get("/my/chat/sessions/" + talk.session()).expect(200).json().get("running");
    return running.isEmpty() ? "" : running.get(0).get("content").asString();
  }

  private static Answer stop(Talk talk, @Nullable Object body) {
    return talk.me().post(talk.path() + "/stop", body).expect(200);
  }

  private static List<String> ids(Answer answer, String field) {
    return Talk.list(answer, field).stream().map(JsonNode::asString).toList();
  }

  @Test
  @Accepts("CH-11.11")
  void one_runs_ten_wait_in_order_and_the_eleventh_is_refused() throws Exception {
    Busy busy = busy();
    Talk talk = busy.talk();
    var waiting = new ArrayList<String>();
    for (int i = 1; i <= 10; i++) {
      waiting.add(talk.drop("w" + i));
    }

    Answer refused = talk.say("w11").expect(429);

    assertThat(refused.json().get("error_code").asString()).isEqualTo("SESSION_QUEUE_FULL");
    assertThat(refused.header("Retry-After")).isNotNull();
    JsonNode session = Talk.list(talk.me().get("/my/chat/sessions/"), "sessions").getFirst();
    assertThat(session.get("queued_count").asInt()).isEqualTo(10);
    assertThat(session.get("state").asString()).isEqualTo("running");
    assertThat(world.talk(talk.me()).say("elsewhere").expect(200).json().get("content").asString())
        .as("another session does not wait")
        .isEqualTo("re: elsewhere");

    busy.hold().letGo();
    talk.awaitStatus(waiting.getLast(), "done");

    assertThat(
            talk.messages("?role=assistant").stream()
                .skip(1)
                .map(message -> message.get("content").asString())
                .toList())
        .containsExactly(
            "re: w1", "re: w2", "re: w3", "re: w4", "re: w5", "re: w6", "re: w7", "re: w8",
            "re: w9", "re: w10");
    assertThat(
            world.model.requests().stream()
                .map(request -> request.lastText())
                .filter(text -> text.matches("w\\d+"))
                .toList())
        .containsExactly("w1", "w2", "w3", "w4", "w5", "w6", "w7", "w8", "w9", "w10");
  }

  @Test
  void an_answer_and_the_next_question_that_come_together_lose_neither() throws Exception {
    Talk talk = world.talk();
    List<Callable<Answer>> burst = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      String text = "burst " + i;
      burst.add(() -> talk.say(text));
    }
    for (Future<Answer> answer : pool.invokeAll(burst)) {
      answer.get().expect(200);
    }

    assertThat(talk.messages("")).hasSize(16);
    assertThat(world.model.requests().stream().filter(r -> r.lastText().startsWith("burst ")))
        .as("no answer was paid twice")
        .hasSize(8);
  }

  @Test
  void a_stop_in_mid_answer_keeps_the_part_and_what_waits() throws Exception {
    Busy busy = busy();
    Talk talk = busy.talk();
    String next = talk.drop("next");

    Answer stopped = stop(talk, null);

    assertThat(ids(stopped, "stopped")).containsExactly(busy.question());
    assertThat(ids(stopped, "dropped")).isEmpty();
    talk.awaitStatus(busy.question(), "cancelled");
    talk.awaitStatus(next, "done");
    JsonNode partial = talk.messages("?role=assistant").getFirst();
    assertThat(Talk.line(partial)).isEqualTo("assistant cancelled re: ");
    assertThat(partial.get("finish_reason").asString()).isEqualTo("cancelled");
    assertThat(talk.events("task_cancelled")).hasSize(1);
    Answer nothing = stop(talk, Map.of());
    assertThat(ids(nothing, "stopped")).isEmpty();
    assertThat(ids(nothing, "dropped")).isEmpty();
  }

  @Test
  void a_stop_before_the_first_token_leaves_no_answer() throws Exception {
    Talk talk = world.talk();
    world.model.next(Reply.silence());
    Future<Answer> waiting = pool.submit(() -> talk.say("silence"));
    Awaitility.await().until(() -> !talk.messages("").isEmpty());
    String question = talk.messages("").getFirst().get("id").asString();
    Awaitility.await().until(() -> talk.status(question).equals("processing"));

    stop(talk, Map.of("message_id", question));

    JsonNode answer = waiting.get().expect(200).json();
    assertThat(answer.get("id").asString()).isEqualTo(question);
    assertThat(answer.get("status").asString()).isEqualTo("cancelled");
    assertThat(talk.lines()).containsExactly("user cancelled silence");
    world.model.awaitClientGone();
  }

  @Test
  void a_stop_can_drop_what_waits_and_its_callers_are_let_go() throws Exception {
    Busy busy = busy();
    Talk talk = busy.talk();
    Future<Answer> waiting = pool.submit(() -> talk.say("dropped"));
    Awaitility.await().until(() -> talk.messages("?role=user").size() == 2);
    String dropped = talk.messages("?role=user").getLast().get("id").asString();

    Answer stopped = stop(talk, Map.of("queued", "drop"));

    assertThat(ids(stopped, "stopped")).containsExactly(busy.question());
    assertThat(ids(stopped, "dropped")).containsExactly(dropped);
    assertThat(waiting.get().status()).isEqualTo(404);
    talk.awaitStatus(busy.question(), "cancelled");
    assertThat(talk.messages("?role=user")).hasSize(1);
    assertThat(talk.events("message_deleted")).hasSize(1);
    assertThat(talk.me().post(talk.path() + "/stop", Map.of("queued", "burn")).status())
        .isEqualTo(422);
  }

  @Test
  void a_waiting_message_can_be_changed_readdressed_moved_and_dropped() throws Exception {
    Busy busy = busy();
    Talk talk = busy.talk();
    String a = talk.drop("a");
    String b = talk.drop("b");
    String c = talk.drop("c");
    String d = talk.drop("@Code d");

    JsonNode changed = patch(talk, a, Map.of("content", "a2", "target_agent", "Code"));
    assertThat(changed.get("content").asString()).isEqualTo("a2");
    assertThat(changed.get("agent_name").asString()).isEqualTo("Code");
    patch(talk, c, Map.of("before", a));
    JsonNode anew = patch(talk, d, Map.of("content", "@Debug d2"));
    assertThat(anew.get("agent_name").asString()).isEqualTo("Debug");
    assertThat(anew.get("target_agent").asString()).isEqualTo("@Debug");
    assertThat(patch(talk, d, Map.of("content", "d3")).get("target_agent").isNull()).isTrue();
    talk.me().delete(talk.path() + "/messages/" + b).expect(204);
    assertThat(talk.me().get(talk.path() + "/messages/" + b).status()).isEqualTo(404);
    assertThat(send(talk, a, Map.of("content", " ")).status()).isEqualTo(422);
    assertThat(send(talk, a, "{\"content\": null}").status()).isEqualTo(422);
    assertThat(send(talk, a, Map.of("target_agent", "nobody")).status()).isEqualTo(404);
    assertThat(send(talk, a, Map.of("before", UUID.randomUUID().toString())).status())
        .isEqualTo(404);
    assertThat(send(talk, a, Map.of("before", busy.question())).expect(409).reason())
        .isEqualTo("state");
    assertThat(send(talk, busy.question(), Map.of("content", "x")).expect(409).reason())
        .isEqualTo("state");
    assertThat(talk.me().delete(talk.path() + "/messages/" + busy.question()).expect(409).reason())
        .isEqualTo("state");

    busy.hold().letGo();
    talk.awaitStatus(d, "done");
    talk.awaitStatus(a, "done");

    assertThat(
            talk.messages("?role=assistant").stream()
                .skip(1)
                .map(m -> m.get("agent_name").asString() + " " + m.get("content").asString())
                .toList())
        .containsExactly("Ask re: c", "Code re: a2", "Ask re: d3");
  }

  @Test
  void a_change_that_races_with_being_taken_up_is_whole_or_refused() throws Exception {
    for (int round = 0; round < 10; round++) {
      Talk talk = world.talk();
      String mark = round + " " + UUID.randomUUID();
      String id = talk.drop("old " + mark);
      Answer patched = send(talk, id, Map.of("content", "new " + mark));

      talk.awaitStatus(id, "done");

      String said = talk.message(id).get("content").asString();
      assertThat(said).isEqualTo((patched.status() == 200 ? "new " : "old ") + mark);
      assertThat(talk.messages("?role=assistant").getFirst().get("content").asString())
          .isEqualTo("re: " + said);
      assertThat(patched.status()).isIn(200, 409);
    }
  }

  @Test
  void a_drop_that_races_with_being_taken_up_leaves_a_whole_turn_or_nothing() throws Exception {
    for (int round = 0; round < 10; round++) {
      Talk talk = world.talk();
      String id = talk.drop("race " + round);
      Answer dropped = talk.me().delete(talk.path() + "/messages/" + id);
      if (dropped.status() == 204) {
        assertThat(talk.say("after").expect(200).json().get("content").asString())
            .isEqualTo("re: after");
        assertThat(talk.messages("")).hasSize(2);
      } else {
        dropped.expect(409);
        talk.awaitStatus(id, "done");
        assertThat(talk.messages("")).hasSize(2);
      }
    }
  }

  @Test
  void a_stop_that_races_with_the_start_is_never_lost() throws Exception {
    for (int round = 0; round < 10; round++) {
      Talk talk = world.talk();
      String text = "held " + UUID.randomUUID();
      ChatWorld.Held hold = world.hold(text);
      String id = talk.drop(text);
      stop(talk, Map.of("message_id", id));

      Awaitility.await()
          .until(() -> {
            Answer message = talk.me().get(talk.path() + "/messages/" + id);
            return message.status() == 404
                || message.json().get("status").asString().equals("cancelled");
          });
      hold.letGo();
    }
  }

  private static Answer send(Talk talk, String id, Object body) {
    return talk.me().patch(talk.path() + "/messages/" + id, body);
  }

  private static JsonNode patch(Talk talk, String id, Object body) {
    return send(talk, id, body).expect(200).json();
  }
}
