package dev.artel.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.testing.Client;
import dev.artel.testing.Reply;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/// Search over one's own chats.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SearchTest {
  private final ChatWorld world = ChatWorld.start();

  @AfterAll
  void close() throws IOException {
    world.close();
  }

  private static List<JsonNode> find(Client me, String path, String words, String more) {
    return Talk.list(
        me.get(path + "?q=" + URLEncoder.encode(words, StandardCharsets.UTF_8) + more), "results");
  }

  private static List<String> marked(JsonNode result) {
    String snippet = result.get("snippet").asString();
    var marked = new ArrayList<String>();
    for (JsonNode at : result.get("highlights")) {
      int start = at.get("start").asInt();
      marked.add(snippet.substring(start, start + at.get("length").asInt()));
    }
    return marked;
  }

  private Talk said(Client me, String question, String answer) {
    Talk talk = world.talk(me);
    world.model.next(Reply.of(answer));
    talk.say(question).expect(200);
    return talk;
  }

  @Test
  void words_are_found_in_whatever_form_in_russian_and_in_english() {
    Client me = world.world.user();
    said(
        me,
        "\u041f\u043e\u0447\u0435\u043c\u0443 \u043f\u043b\u0430\u0442\u0435\u0436\u0438 \u043f\u043e\u0432\u0442\u043e\u0440\u044f\u044e\u0442\u0441\u044f?",
        "The payments were retried twice.");

    assertThat(find(me, "/my/chat/search", "\u043f\u043b\u0430\u0442\u0435\u0436", ""))
        .singleElement()
        .satisfies(hit ->
            assertThat(marked(hit)).containsExactly("\u043f\u043b\u0430\u0442\u0435\u0436\u0438"));
    assertThat(find(me, "/my/chat/search", "payment retrying", ""))
        .singleElement()
        .satisfies(hit -> {
          assertThat(marked(hit)).containsExactly("payments", "retried");
          assertThat(hit.get("role").asString()).isEqualTo("assistant");
          assertThat(hit.get("agent_name").asString()).isEqualTo("Ask");
          assertThat(hit.get("session_title").asString())
              .startsWith("\u041f\u043e\u0447\u0435\u043c\u0443");
          assertThat(hit.get("rank").asDouble()).isPositive();
        });
    assertThat(find(me, "/my/chat/search", "nothing of the kind", "")).isEmpty();
    assertThat(find(world.world.user(), "/my/search", "payment", "")).as("another user").isEmpty();
  }

  @Test
  void highlights_stand_right_behind_astral_and_private_characters() {
    Client me = world.world.user();
    said(me, "begin \uD83D\uDE00\uE000 \uD83D\uDE00 then needle \uE001 and needles", "ok");

    JsonNode hit = find(me, "/my/chat/search", "needle", "").getFirst();

    assertThat(marked(hit)).containsExactly("needle", "needles");
    assertThat(hit.get("snippet").asString()).contains("\uD83D\uDE00").doesNotContain("\uE000");
  }

  @Test
  void a_snippet_ends_at_whole_words_and_shows_that_the_message_goes_on() {
    Client me = world.world.user();
    String filler = "some-compound/word.with-parts ".repeat(30);
    String question = filler + "needle " + filler.strip();
    said(me, question, "ok");

    String snippet = find(me, "/my/chat/search", "needle", "").getFirst().get("snippet").asString();

    assertThat(snippet).startsWith("\u2026 ").endsWith(" \u2026");
    String inner = snippet.substring(2, snippet.length() - 2);
    assertThat(" " + question + " ").contains(" " + inner + " ");
    assertThat(Search.whole("", "short", "")).isEqualTo("short");
    assertThat(Search.whole("one tw", "o thr", "ee four")).isEqualTo("\u2026 two three \u2026");
  }

  @Test
  void all_projects_are_searched_and_filters_narrow_it() {
    Client me = world.world.user();
    Talk here = said(me, "gadget one", "a gadget indeed");
    String other =
        me.post("/my/projects/", Map.of("name", "Other")).expect(201).json().get("id").asString();
    String prefix = "/my/projects/" + other + "/chat";
    String session = me.post(prefix + "/sessions/", null).expect(201).json().get("id").asString();
    me.post(prefix + "/" + session + "/message/", Map.of("content", "gadget two")).expect(200);

    assertThat(find(me, "/my/search", "gadget", "")).hasSize(4);
    assertThat(find(me, "/my/search", "gadget", "&project_id=" + other)).hasSize(2);
    assertThat(find(me, prefix + "/search", "gadget", "")).hasSize(2);
    assertThat(find(me, "/my/chat/search", "gadget", "")).hasSize(2);
    assertThat(find(me, "/my/search", "gadget", "&session_id=" + here.session())).hasSize(2);
    assertThat(find(me, "/my/search", "gadget", "&role=user")).hasSize(2);
    assertThat(find(me, "/my/search", "gadget", "&from=2100-01-01")).isEmpty();
    assertThat(find(me, "/my/search", "gadget", "&to=2100-01-01")).hasSize(4);
    assertThat(find(me, "/my/search", "gadget", "&limit=1&offset=3")).hasSize(1);
    assertThat(find(me, "/my/search", "gadget", "&project_id=" + UUID.randomUUID())).isEmpty();
    assertThat(find(me, "/my/search", "the", "")).as("stop words alone").isEmpty();
    assertThat(find(me, "/my/search", "\" -& | ! ( :*", "")).isEmpty();
    for (String bad : List.of("", "?q=x", "?q=" + "x".repeat(201))) {
      assertThat(me.get("/my/search" + bad).status()).as(bad).isEqualTo(422);
    }
    for (String bad :
        List.of(
            "&role=x", "&from=x", "&session_id=x", "&project_id=x", "&limit=0", "&sort_by=rank")) {
      assertThat(me.get("/my/search?q=gadget" + bad).status()).as(bad).isEqualTo(400);
    }
  }

  @Test
  void the_longest_answer_that_can_be_searched_can_also_be_stored() {
    Client me = world.world.user();
    var words = new StringBuilder();
    for (int i = 0; words.length() < 250_000; i++) {
      words.append("\u0436\u0436").append(Integer.toString(i, 36)).append("\u0449 ");
    }
    Talk talk = said(me, "long", words.toString());

    assertThat(talk.messages("").getLast().get("content").asString()).hasSizeGreaterThan(240_000);
  }

  @Test
  void a_search_for_what_is_absent_finds_also_messages_with_tags() {
    Client me = world.world.user();
    said(me, "markup", "<p>one</p> two");

    assertThat(find(me, "/my/search", "-three", "")).hasSize(2);
  }

  @Test
  void superseded_messages_are_not_found() {
    Client me = world.world.user();
    Talk talk = said(me, "obsolete word", "ok");
    String id = talk.messages("").getFirst().get("id").asString();
    talk.me()
        .post(talk.path() + "/messages/" + id + "/edit", Map.of("content", "fresh"))
        .expect(200);

    assertThat(find(me, "/my/search", "obsolete", "")).isEmpty();
  }
}
