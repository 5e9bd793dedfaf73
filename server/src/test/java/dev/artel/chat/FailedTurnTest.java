package dev.artel.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.acceptance.Accepts;
import dev.artel.testing.Answer;
import dev.artel.testing.Client;
import dev.artel.testing.Reply;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// What becomes of a message whose answer fails, and of repeated requests.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FailedTurnTest {
  private final ChatWorld world =
      ChatWorld.start(
          "ARTEL_MODEL_FIRST_TOKEN_TIMEOUT", "3",
          "ARTEL_MODEL_IDLE_TIMEOUT", "3");

  @AfterAll
  void close() throws IOException {
    world.close();
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of("authentication", Reply.error(401, "invalid_api_key")),
        Arguments.of("rate_limit", Reply.error(429, "rate_limit_exceeded")),
        Arguments.of("bad_request", Reply.error(400, "invalid_request_error")),
        Arguments.of("connection", Reply.hangUp()),
        Arguments.of("timeout", Reply.silence()),
        Arguments.of("unknown", Reply.error(500, "server_error")));
  }

  @ParameterizedTest
  @MethodSource("failures")
  @Accepts({"X-18", "CH-11.10"})
  void a_failure_is_classified_readable_and_visible_in_history(String type, Reply reply) {
    Talk talk = world.talk();
    world.model.next(reply);

    Answer answer = talk.say("hello", "Code").expect(503);

    JsonNode question = talk.messages("").getFirst();
    JsonNode body = answer.json();
    assertThat(body.get("error_code").asString()).isEqualTo("LLM_PROVIDER_ERROR");
    assertThat(answer.header("Retry-After")).isNotNull();
    JsonNode metadata = body.get("metadata");
    assertThat(metadata.get("provider").asString()).isEqualTo("openai");
    assertThat(metadata.get("model").asString()).isEqualTo("test-model");
    assertThat(metadata.get("agent_name").asString()).isEqualTo("Code");
    assertThat(metadata.get("agent_id")).isEqualTo(question.get("agent_id"));
    assertThat(metadata.get("error_type").asString()).isEqualTo(type);
    assertThat(body.get("detail").asString()).isNotBlank().doesNotContain("sk-hidden", "127.0.0.1");
    assertThat(talk.lines()).containsExactly("user failed hello");
    assertThat(question.get("error")).isEqualTo(body.get("detail"));
    JsonNode error = talk.events("error").getFirst().get("payload");
    assertThat(error.get("error_type").asString()).isEqualTo(type);
    assertThat(error.get("message")).isEqualTo(body.get("detail"));
    assertThat(talk.events("task_failed")).hasSize(1);
    assertThat(talk.events("agent_status_changed")).hasSize(2);
  }

  @Test
  @Accepts("CH-11.10")
  void a_message_to_an_agent_in_error_is_refused_and_its_session_hears_of_it() {
    Talk talk = world.talk();
    world.model.next(Reply.error(401, "invalid_api_key"));
    talk.say("first", "Code").expect(503);

    Answer refused = talk.say("second", "Code").expect(503);

    assertThat(refused.json().get("error_code").asString()).isEqualTo("AGENT_UNAVAILABLE");
    assertThat(refused.header("Retry-After")).isNotNull();
    assertThat(refused.body()).doesNotContain("sk-hidden", "127.0.0.1");
    assertThat(talk.lines()).as("nothing of it is kept").containsExactly("user failed first");
    JsonNode error = talk.events("error").getLast().get("payload");
    assertThat(error.get("error_type").asString()).isEqualTo("agent_unavailable");
    assertThat(error.get("message")).isEqualTo(refused.json().get("detail"));
    assertThat(error.get("agent_name").asString()).isEqualTo("Code");
  }

  @Test
  void what_came_before_a_break_is_kept_as_a_failed_answer() {
    Talk talk = world.talk();
    world.model.next(Reply.of("It is ", "because").thenCut());

    talk.say("why?").expect(503);

    assertThat(talk.lines()).containsExactly("user failed why?", "assistant failed It is because");
    JsonNode partial = talk.messages("").getLast();
    assertThat(partial.get("finish_reason").asString()).isEqualTo("error");
  }

  @Test
  void the_same_text_without_a_key_soon_after_a_failure_runs_the_stored_message_again() {
    Talk talk = world.talk();
    world.model.next(Reply.error(500, "server_error"));
    talk.say("again").expect(503);

    JsonNode answer = talk.say("again").expect(200).json();

    assertThat(talk.lines()).containsExactly("user done again", "assistant done re: again");
    assertThat(answer.get("user_message_id")).isEqualTo(talk.messages("").getFirst().get("id"));
    talk.say("again").expect(200);
    assertThat(talk.lines()).as("after a success it is a message of its own").hasSize(4);

    world.model.next(Reply.error(500, "server_error"));
    talk.say("other").expect(503);
    talk.say("other", "Code").expect(200);
    assertThat(talk.messages("?role=user")).as("another target is another message").hasSize(4);
    int sixtySecondsLater = 61;
    world.model.next(Reply.error(500, "server_error"));
    talk.say("late").expect(503);
    world
        .db()
        .does(
            talk.me().user(),
            tx ->
                tx.sql(
                        "update tasks set completed_at = completed_at - :s * interval '1 second' where user_id = :user")
                    .param("user", talk.me().user().value())
                    .param("s", sixtySecondsLater)
                    .update());
    talk.say("late").expect(200);
    assertThat(talk.messages("?role=user")).hasSize(6);
  }

  @Test
  void a_repeat_with_its_key_is_answered_as_the_first_and_has_no_second_effect() {
    Talk talk = world.talk();
    Talk keyed = keyed(talk, UUID.randomUUID().toString());

    Answer first = keyed.say("once").expect(200);
    Answer second = keyed.say("once").expect(200);

    assertThat(second.body()).isEqualTo(first.body());
    assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(keyed.say("something else").expect(409).reason()).isEqualTo("idempotency");
    assertThat(talk.lines()).containsExactly("user done once", "assistant done re: once");
  }

  @Test
  void a_repeat_with_its_key_after_a_failure_runs_the_stored_message_again() {
    Talk talk = world.talk();
    Talk keyed = keyed(talk, UUID.randomUUID().toString());
    world.model.next(Reply.error(500, "server_error")).next(Reply.error(500, "server_error"));
    keyed.say("thrice").expect(503);
    keyed.say("thrice").expect(503);

    JsonNode answer = keyed.say("thrice").expect(200).json();

    assertThat(answer.get("content").asString()).isEqualTo("re: thrice");
    assertThat(talk.lines()).containsExactly("user done thrice", "assistant done re: thrice");
    assertThat(keyed(talk, UUID.randomUUID().toString()).say("thrice").expect(200).json().get("id"))
        .as("another key means another message")
        .isNotEqualTo(answer.get("id"));
  }

  @Test
  void an_answer_that_was_lost_is_rebuilt_from_the_message() throws Exception {
    Talk talk = world.talk();
    String key = UUID.randomUUID().toString();
    Talk keyed = keyed(talk, key);
    Answer first = keyed.say("rebuild me").expect(200);
    forgetAnswer(talk.me(), key);
    assertThat(keyed.say("rebuild me").expect(200).json()).isEqualTo(first.json());

    ChatWorld.Held hold = world.hold("slow");
    String other = UUID.randomUUID().toString();
    Talk async = keyed(new Talk(talk.me().with("Prefer", "respond-async"), talk.session()), other);
    JsonNode accepted = async.say("slow").expect(202).json();
    hold.awaitReached();
    forgetAnswer(talk.me(), other);
    JsonNode rebuilt = async.say("slow").expect(202).json();
    assertThat(rebuilt.get("id")).isEqualTo(accepted.get("id"));
    assertThat(rebuilt.get("task_status").asString()).isEqualTo("running");
    hold.letGo();
    talk.awaitStatus(accepted.get("id").asString(), "done");
    assertThat(talk.lines()).hasSize(4);
  }

  private void forgetAnswer(Client me, String key) {
    world
        .db()
        .does(
            me.user(),
            tx ->
                tx.sql(
                        "update idempotency_keys set status = null, response = null, lease_until = null where user_id = :user and key = :key")
                    .param("user", me.user().value())
                    .param("key", key)
                    .update());
  }

  @Test
  void equal_requests_at_the_same_time_store_one_message() throws Exception {
    Talk talk = world.talk();
    Talk keyed = keyed(talk, UUID.randomUUID().toString());
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Answer> say = () -> keyed.say("at once");
      var answers = pool.invokeAll(Collections.nCopies(6, say));
      for (var answer : answers) {
        assertThat(answer.get().status()).isIn(200, 202);
      }
    }

    assertThat(talk.messages("?role=user")).hasSize(1);
  }

  private static Talk keyed(Talk talk, String key) {
    return new Talk(talk.me().with("Idempotency-Key", key), talk.session());
  }

  @Test
  void respond_async_is_answered_at_once_with_the_stored_message() {
    Talk talk = world.talk();
    Talk async = new Talk(talk.me().with("Prefer", "respond-async"), talk.session());

    JsonNode accepted =
        async
            .me()
            .post(async.path() + "/message/", Map.of("content", "later", "client_ref", "c-1"))
            .expect(202)
            .json();

    assertThat(accepted.get("role").asString()).isEqualTo("user");
    assertThat(accepted.get("content").asString()).isEqualTo("later");
    assertThat(accepted.get("status").asString()).isEqualTo("queued");
    assertThat(accepted.get("task_status").asString()).isEqualTo("queued");
    assertThat(accepted.get("client_ref").asString()).isEqualTo("c-1");
    assertThat(accepted.get("task_id").asString()).isNotBlank();
    talk.awaitStatus(accepted.get("id").asString(), "done");
    assertThat(
            talk.events("message_created").getFirst().get("payload").get("client_ref").asString())
        .isEqualTo("c-1");
  }
}
