package dev.artel.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.testing.Answer;
import dev.artel.testing.Reply;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/// Saying something else instead, and asking the same again.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class EditAndRetryTest {
  private final ChatWorld world = ChatWorld.start();

  @AfterAll
  void close() throws IOException {
    world.close();
  }

  private static Answer edit(Talk talk, String id, String content) {
    return talk.me().post(talk.path() + "/messages/" + id + "/edit", Map.of("content", content));
  }

  private static Answer retry(Talk talk, String id, @Nullable Object body) {
    return talk.me().post(talk.path() + "/messages/" + id + "/retry", body);
  }

  private static String question(Talk talk, String content) {
    return talk.say(content).expect(200).json().get("user_message_id").asString();
  }

  private static List<String> all(Talk talk) {
    return talk.messages("?include=superseded").stream()
        .map(m -> Talk.line(m) + (m.get("superseded_by").isNull() ? "" : " (old)"))
        .toList();
  }

  @Test
  void an_edit_supersedes_the_message_and_all_that_came_after() {
    Talk talk = world.talk();
    question(talk, "one");
    String two = question(talk, "two");
    question(talk, "three");

    JsonNode answer = edit(talk, two, "two, better").expect(200).json();

    assertThat(talk.lines())
        .containsExactly(
            "user done one",
            "assistant done re: one",
            "user done two, better",
            "assistant done re: two, better");
    assertThat(all(talk))
        .containsExactly(
            "user done one",
            "assistant done re: one",
            "user done two (old)",
            "assistant done re: two (old)",
            "user done three (old)",
            "assistant done re: three (old)",
            "user done two, better",
            "assistant done re: two, better");
    String fresh = answer.get("user_message_id").asString();
    assertThat(talk.message(fresh).get("edited_from").asString()).isEqualTo(two);
    assertThat(talk.message(two).get("superseded_by").asString()).isEqualTo(fresh);
    assertThat(world.model.requests().getLast().turns().stream().map(t -> t.text()).toList())
        .as("what is superseded is out of the prompt")
        .containsExactly("one", "re: one", "two, better");
    assertThat(
            talk.events("message_updated").stream()
                .filter(e -> e.get("payload").path("superseded_by").isString()))
        .hasSize(4);
    assertThat(
            talk.me()
                .get("/my/chat/sessions/" + talk.session())
                .json()
                .get("message_count")
                .asInt())
        .isEqualTo(4);
    assertThat(edit(talk, two, "again").expect(409).reason()).isEqualTo("state");
    assertThat(retry(talk, two, null).expect(409).reason()).isEqualTo("state");
    assertThat(edit(talk, answer.get("id").asString(), "x").status()).isEqualTo(404);
    assertThat(edit(talk, UUID.randomUUID().toString(), "x").status()).isEqualTo(404);
    assertThat(edit(talk, fresh, " ").status()).isEqualTo(422);
  }

  @Test
  void an_edit_while_the_answer_is_still_coming_stops_it_and_drops_what_waits() throws Exception {
    Talk talk = world.talk();
    String text = "slow " + UUID.randomUUID();
    ChatWorld.Held hold = world.hold(text);
    String slow = talk.drop(text);
    hold.awaitReached();
    Awaitility.await().until(() -> !talk.events("task_progress").isEmpty());
    Awaitility.await().until(() -> talk.events("task_progress").size() == 3);
    String waiting = talk.drop("waiting");

    JsonNode answer = edit(talk, slow, "quick").expect(200).json();

    assertThat(answer.get("content").asString()).isEqualTo("re: quick");
    assertThat(talk.lines()).containsExactly("user done quick", "assistant done re: quick");
    assertThat(all(talk))
        .containsExactlyInAnyOrder(
            "user cancelled " + text + " (old)",
            "user cancelled waiting (old)",
            "assistant cancelled re:  (old)",
            "user done quick",
            "assistant done re: quick");
    assertThat(talk.status(waiting)).isEqualTo("cancelled");
    hold.letGo();
  }

  @Test
  void an_edit_of_the_first_of_a_full_line_has_room_in_it() throws Exception {
    Talk talk = world.talk();
    String text = "first " + UUID.randomUUID();
    ChatWorld.Held hold = world.hold(text);
    String first = talk.drop(text);
    hold.awaitReached();
    for (int i = 0; i < 10; i++) {
      talk.drop("w" + i);
    }

    edit(talk, first, "instead").expect(200);

    assertThat(talk.lines()).containsExactly("user done instead", "assistant done re: instead");
    hold.letGo();
  }

  @Test
  void a_retry_asks_again_and_the_older_answer_steps_back_when_the_new_one_comes()
      throws Exception {
    Talk talk = world.talk();
    String text = "again " + UUID.randomUUID();
    String id = question(talk, text);
    ChatWorld.Held hold = world.hold(text);
    var async = new Talk(talk.me().with("Prefer", "respond-async"), talk.session());

    JsonNode accepted = retry(async, id, null).expect(202).json();
    hold.awaitReached();

    assertThat(accepted.get("id").asString()).isEqualTo(id);
    assertThat(talk.lines())
        .as("the older answer is there until the new one comes")
        .containsExactly("user processing " + text, "assistant done re: " + text);
    assertThat(retry(talk, id, null).expect(409).reason()).isEqualTo("state");
    hold.letGo();
    talk.awaitStatus(id, "done");
    assertThat(talk.lines()).containsExactly("user done " + text, "assistant done re: " + text);
    assertThat(all(talk))
        .containsExactly(
            "user done " + text,
            "assistant done re: " + text + " (old)",
            "assistant done re: " + text);
    assertThat(talk.events("message_created")).hasSize(3);
  }

  @Test
  void a_retry_can_ask_another_agent_and_repeats_nothing_of_the_failure() {
    Talk talk = world.talk();
    world.model.next(Reply.of("part").thenCut());
    talk.say("explain").expect(503);
    String id = talk.messages("?role=user").getFirst().get("id").asString();

    JsonNode answer = retry(talk, id, Map.of("target_agent", "Code")).expect(200).json();

    assertThat(answer.get("agent_name").asString()).isEqualTo("Code");
    JsonNode question = talk.message(id);
    assertThat(question.get("agent_name").asString()).isEqualTo("Code");
    assertThat(question.get("error").isNull()).isTrue();
    assertThat(question.get("provider").isNull()).isTrue();
    assertThat(talk.lines()).containsExactly("user done explain", "assistant done re: explain");
    assertThat(all(talk)).contains("assistant failed part (old)");
    assertThat(retry(talk, id, Map.of("target_agent", "nobody")).status()).isEqualTo(404);
    assertThat(retry(talk, answer.get("id").asString(), null).status()).isEqualTo(404);
  }
}
