package dev.artel.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.acceptance.Accepts;
import dev.artel.db.Db;
import dev.artel.llm.ModelMessage;
import dev.artel.llm.TokenCounter;
import dev.artel.testing.Answer;
import dev.artel.testing.ReceivedRequest;
import dev.artel.testing.Reply;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// A message to one agent, from the request to the model and back.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DirectTurnTest {
  private final ChatWorld world = ChatWorld.start();

  @AfterAll
  void close() throws IOException {
    world.close();
  }

  private static JsonNode agent(Talk talk, String name) {
    return Talk.list(talk.me().get("/my/agents/"), "agents").stream()
        .filter(agent -> agent.get("name").asString().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private ReceivedRequest asked() {
    return world.model.requests().getLast();
  }

  @ParameterizedTest
  @ValueSource(strings = {"id", "agent_id", "name", "@name"})
  @Accepts("CH-11.3")
  void a_target_is_asked_and_nobody_else(String how) {
    Talk talk = world.talk();
    JsonNode code = agent(talk, "Code");
    String target =
        switch (how) {
          case "id", "agent_id" -> code.get(how).asString();
          case "name" -> "code";
          default -> "@Code";
        };

    JsonNode answer = talk.say("What is a monad?", target).expect(200).json();

    assertThat(asked().system()).isEqualTo(code.get("config").get("system_prompt").asString());
    assertThat(answer.get("agent_id")).isEqualTo(code.get("id"));
    assertThat(answer.get("agent_name").asString()).isEqualTo("Code");
    assertThat(answer.get("mode").asString()).isEqualTo("direct");
    assertThat(talk.events("direct_agent_call"))
        .singleElement()
        .satisfies(
            event -> assertThat(event.get("payload").get("agent_id")).isEqualTo(code.get("id")));
    assertThat(
            talk.events("agent_status_changed").stream()
                .map(event ->
                    event.get("payload").get("old_status").asString()
                        + " "
                        + event.get("payload").get("new_status").asString())
                .toList())
        .containsExactly("ready busy", "busy ready");
    assertThat(talk.events("task_completed")).hasSize(1);
  }

  @Test
  void a_leading_mention_addresses_stays_in_the_text_and_is_taken_out_of_the_prompt() {
    Talk talk = world.talk();

    JsonNode answer = talk.say("@Code, explain closures").expect(200).json();

    assertThat(asked().lastText()).isEqualTo("explain closures");
    assertThat(answer.get("agent_name").asString()).isEqualTo("Code");
    JsonNode question = talk.messages("").getFirst();
    assertThat(question.get("content").asString()).isEqualTo("@Code, explain closures");
    assertThat(question.get("target_agent").asString()).isEqualTo("@Code");
    assertThat(talk.say("@Code").status()).isEqualTo(422);
  }

  @Test
  void an_unknown_target_is_not_found_with_suggestions_and_nothing_is_stored() {
    Talk talk = world.talk();

    Answer refused = talk.say("hello", "Cod").expect(404);

    assertThat(refused.json().get("detail").asString()).isEqualTo("Agent not found: Cod");
    assertThat(refused.json().get("metadata").get("suggestions").toString()).contains("Code");
    assertThat(talk.say("@nobody hello").expect(404).json().get("detail").asString())
        .startsWith("Agent not found: nobody; GET /my/projects/");
    assertThat(talk.say("hello", UUID.randomUUID().toString()).status()).isEqualTo(404);
    assertThat(talk.lines()).isEmpty();
    assertThat(talk.events("message_created")).isEmpty();
  }

  @Test
  void without_a_target_the_agent_that_answers_questions_is_asked() {
    Talk talk = world.talk();

    assertThat(talk.say("hello").expect(200).json().get("agent_name").asString()).isEqualTo("Ask");
  }

  @Test
  @Accepts("CH-11.1")
  void both_spellings_of_the_path_give_the_same() {
    Talk talk = world.talk();
    String project =
        Talk.list(talk.me().get("/my/projects/"), "projects").getFirst().get("id").asString();
    String canonical = "/my/projects/" + project + "/chat/" + talk.session() + "/message/";
    Map<String, Object> body =
        Map.of("content", "same", "target_agent", "Code", "unknown", List.of(1));

    JsonNode flat = talk.me().post(talk.path() + "/message/", body).expect(200).json();
    JsonNode full = talk.me().post(canonical, body).expect(200).json();

    assertThat(full.propertyNames()).containsExactlyElementsOf(flat.propertyNames());
    for (String field :
        List.of("role", "content", "agent_id", "agent_name", "mode", "status", "model")) {
      assertThat(full.get(field)).as(field).isEqualTo(flat.get(field));
    }
    assertThat(talk.lines())
        .containsExactly(
            "user done same",
            "assistant done re: same",
            "user done same",
            "assistant done re: same");
    for (String bad :
        List.of(
            "{}",
            "{\"content\": \" \"}",
            "{\"content\": 5}",
            "{\"content\": \"a\", \"target_agent\": 5}")) {
      assertThat(talk.me().post(talk.path() + "/message/", bad).status()).as(bad).isEqualTo(422);
      assertThat(talk.me().post(canonical, bad).status()).as(bad).isEqualTo(422);
    }
  }

  @Test
  void the_prompt_is_the_instructions_the_history_and_the_message_once() {
    Talk talk = world.talk();
    talk.say("one").expect(200);
    talk.say("two").expect(200);
    world.model.next(Reply.of("three!").asking("three"));

    talk.say("three").expect(200);

    assertThat(asked().turns())
        .containsExactly(
            new ReceivedRequest.Turn("user", "one"),
            new ReceivedRequest.Turn("assistant", "re: one"),
            new ReceivedRequest.Turn("user", "two"),
            new ReceivedRequest.Turn("assistant", "re: two"),
            new ReceivedRequest.Turn("user", "three"));
  }

  @Test
  @Accepts("CH-11.9")
  void history_is_bounded_in_messages_and_in_tokens_and_never_cut() {
    Talk talk = world.talk();
    for (int i = 1; i <= 7; i++) {
      talk.say("q" + i).expect(200);
    }

    talk.say("now").expect(200);

    assertThat(asked().turns().stream().map(ReceivedRequest.Turn::text).toList())
        .containsExactly(
            "q3", "re: q3", "q4", "re: q4", "q5", "re: q5", "q6", "re: q6", "q7", "re: q7", "now");

    Talk wordy = world.talk();
    String big = "word ".repeat(1_800).strip();
    world.model.next(Reply.of("first")).next(Reply.of("second")).next(Reply.of("third"));
    wordy.say("1 " + big).expect(200);
    wordy.say("2 " + big).expect(200);
    wordy.say("3 " + big).expect(200);
    String huge = "long ".repeat(6_000).strip();
    wordy.say(huge).expect(200);

    assertThat(asked().turns().stream().map(ReceivedRequest.Turn::text).toList())
        .containsExactly("2 " + big, "second", "3 " + big, "third", huge);
    int history =
        asked().turns().subList(0, 4).stream()
            .mapToInt(turn -> TokenCounter.approximate().count(new ModelMessage.User(turn.text())))
            .sum();
    assertThat(history).isBetween(3_000, 4_000);
  }

  @Test
  @Accepts("CH-11.6")
  void the_message_is_durable_before_the_model_is_asked() {
    Talk talk = world.talk();
    var seen = new AtomicReference<String>();
    Db db = world.db();
    world.model.always(_ -> {
      seen.set(
          db.read(
              talk.me().user(),
              tx ->
                  tx.sql(
                          "select role || ' ' || status || ' ' || content from messages where user_id = :user")
                      .param("user", talk.me().user().value())
                      .query(String.class)
                      .single()));
      return Reply.of("done");
    });
    try {
      JsonNode answer = talk.say("keep me").expect(200).json();
      assertThat(answer.get("agent_id")).isEqualTo(agent(talk, "Ask").get("id"));
    } finally {
      world.answerByDefault();
    }

    assertThat(seen).hasValue("user processing keep me");
    assertThat(talk.lines()).containsExactly("user done keep me", "assistant done done");

    world.model.next(Reply.error(500, "server_error"));
    talk.say("fail").expect(503);
    JsonNode failed = talk.messages("").getLast();
    assertThat(Talk.line(failed)).isEqualTo("user failed fail");
    assertThat(failed.get("error").asString()).isNotBlank();
  }

  @Test
  @Accepts({"S4.5", "X-17"})
  void an_answer_tells_who_gave_it_what_it_took_and_is_announced_once() {
    Talk talk = world.talk();
    world.model.next(Reply.of("It ", "depends.").usage(100, 20, 40));

    JsonNode answer = talk.say("Which one?").expect(200).json();

    assertThat(answer.get("role").asString()).isEqualTo("assistant");
    assertThat(answer.get("content").asString()).isEqualTo("It depends.");
    assertThat(answer.get("payload").isNull()).isTrue();
    assertThat(answer.get("timestamp").asString()).endsWith("Z");
    assertThat(answer.get("provider").asString()).isEqualTo("openai");
    assertThat(answer.get("model").asString()).isEqualTo("test-model");
    assertThat(answer.get("demo").asBoolean()).isFalse();
    assertThat(answer.get("finish_reason").asString()).isEqualTo("stop");
    JsonNode usage = answer.get("usage");
    assertThat(usage.get("calls").asInt()).isEqualTo(1);
    assertThat(usage.get("tokens_in").asInt()).isEqualTo(100);
    assertThat(usage.get("tokens_out").asInt()).isEqualTo(20);
    assertThat(usage.get("tokens_cached").asInt()).isEqualTo(40);
    assertThat(usage.get("cost_usd").isNull()).isTrue();
    JsonNode latency = answer.get("latency");
    assertThat(latency.get("total_ms").asLong())
        .isGreaterThanOrEqualTo(latency.get("first_token_ms").asLong());
    assertThat(latency.get("first_token_ms").asLong())
        .isGreaterThanOrEqualTo(latency.get("queue_ms").asLong());

    List<JsonNode> created = talk.events("message_created");
    assertThat(
            created.stream()
                .map(event -> event.get("payload").get("message_id").asString())
                .toList())
        .containsExactly(answer.get("user_message_id").asString(), answer.get("id").asString());
    JsonNode told = created.getLast().get("payload");
    assertThat(told.get("tokens_used").asInt()).isEqualTo(120);
    for (String field :
        List.of(
            "content",
            "agent_id",
            "agent_name",
            "user_message_id",
            "provider",
            "model",
            "demo",
            "usage",
            "latency",
            "finish_reason")) {
      assertThat(told.get(field)).as(field).isEqualTo(answer.get(field));
    }
    assertThat(talk.message(answer.get("id").asString())).isEqualTo(answer);
  }

  @Test
  @Accepts("X-16")
  void an_answer_that_is_json_shows_its_readable_part_and_keeps_the_rest() {
    Talk talk = world.talk();
    assertThat(structured(talk, "{\"response\":\"r\",\"summary\":\"s\"}")).isEqualTo("s");
    assertThat(structured(talk, "{\"summary\":\" \",\"description\":\"d\",\"title\":\"t\"}"))
        .isEqualTo("d");
    assertThat(structured(talk, "{\"title\":\"t\",\"n\":1}")).isEqualTo("t");
    assertThat(structured(talk, "{\"message\":\"m\"}")).isEqualTo("m");
    assertThat(structured(talk, "{\"response\":\"r\"}")).isEqualTo("r");
    assertThat(structured(talk, "{ \"files\": [1, 2] }")).isEqualTo("{\"files\":[1,2]}");

    world.model.next(Reply.of("{ this is no JSON }"));
    JsonNode plain = talk.say("plain").expect(200).json();
    assertThat(plain.get("content").asString()).isEqualTo("{ this is no JSON }");
    assertThat(plain.get("payload").isNull()).isTrue();
  }

  private String structured(Talk talk, String json) {
    world.model.next(Reply.of(json));
    JsonNode answer = talk.say("as JSON").expect(200).json();
    assertThat(answer.get("payload")).isEqualTo(dev.artel.protocol.WireCodec.json().readTree(json));
    assertThat(talk.messages("").getLast().get("payload")).isEqualTo(answer.get("payload"));
    return answer.get("content").asString();
  }

  @Test
  @Accepts("X-15")
  void chat_shows_what_people_said_and_analytics_the_technical_events() {
    Talk talk = world.talk();
    talk.say("hello").expect(200);

    assertThat(talk.lines()).containsExactly("user done hello", "assistant done re: hello");
    assertThat(talk.events().stream().map(event -> event.get("event_type").asString()).toList())
        .containsExactly(
            "session_created",
            "message_created",
            "task_queued",
            "session_updated",
            "message_updated",
            "task_started",
            "direct_agent_call",
            "task_progress",
            "task_progress",
            "agent_status_changed",
            "task_step",
            "task_progress",
            "task_step",
            "task_progress",
            "message_created",
            "message_updated",
            "task_completed",
            "agent_status_changed");
  }
}
