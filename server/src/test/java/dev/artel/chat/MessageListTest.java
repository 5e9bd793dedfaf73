package dev.artel.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.acceptance.Accepts;
import dev.artel.testing.Answer;
import dev.artel.testing.Lines;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/// Reading what was said: pages, one message, a session with its position in the stream.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MessageListTest {
  private final ChatWorld world = ChatWorld.start();

  @AfterAll
  void close() throws IOException {
    world.close();
  }

  /// A session with so many messages, stored as they would be, all at the same time.
  private Talk filled(int messages) {
    Talk talk = world.talk();
    world
        .db()
        .does(
            talk.me().user(),
            tx ->
                tx.sql(
                        """
                        insert into messages (id, user_id, project_id, session_id, ordinal, role, content, status, created_at)
                        select gen_random_uuid(), user_id, project_id, id, n,
                               case when n % 2 = 1 then 'user' else 'assistant' end, 'm' || n, 'done', created_at
                          from chat_sessions, generate_series(1, :n) n
                         where user_id = :user and id = :session
                        """)
                    .param("n", messages)
                    .param("user", talk.me().user().value())
                    .param("session", UUID.fromString(talk.session()))
                    .update());
    return talk;
  }

  private static Answer page(Talk talk, String query) {
    return talk.me().get("/my/chat/sessions/" + talk.session() + "/messages/" + query);
  }

  private static List<String> contents(Talk talk, String query) {
    return talk.messages(query).stream().map(m -> m.get("content").asString()).toList();
  }

  private static List<String> range(int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj(n -> "m" + n).toList();
  }

  @Test
  @Accepts({"CH-11.7", "S3.5"})
  void messages_come_in_order_by_pages_by_cursor_and_by_role() throws Exception {
    Talk talk = filled(120);

    JsonNode newest = page(talk, "").expect(200).json();
    assertThat(contents(talk, "")).isEqualTo(range(71, 120));
    assertThat(newest.get("total").asInt()).isEqualTo(120);
    assertThat(newest.get("limit").asInt()).isEqualTo(50);
    assertThat(newest.get("session_id").asString()).isEqualTo(talk.session());
    assertThat(newest.get("has_next").asBoolean()).isTrue();
    assertThat(contents(talk, "?limit=10&offset=100")).isEqualTo(range(11, 20));
    assertThat(
            talk.me()
                .get(newest.get("next_url").asString())
                .expect(200)
                .json()
                .get("messages")
                .size())
        .isEqualTo(50);
    assertThat(talk.messages("?limit=100&role=user"))
        .hasSize(60)
        .allSatisfy(m -> assertThat(m.get("role").asString()).isEqualTo("user"));
    assertThat(page(talk, "?role=user").json().get("total").asInt()).isEqualTo(60);
    for (String bad :
        List.of(
            "?limit=0",
            "?limit=101",
            "?offset=-1",
            "?role=robot",
            "?cursor=x",
            "?around=x",
            "?include=all",
            "?sort_by=x")) {
      assertThat(page(talk, bad).status()).as(bad).isEqualTo(400);
    }
    assertThat(page(talk, "?around=" + UUID.randomUUID()).status()).isEqualTo(404);

    talk.say("now").expect(200);
    assertThat(page(talk, "").json().get("total").asInt()).isEqualTo(122);
    assertThat(talk.messages("?limit=100").stream().map(m -> m.get("role").asString()).distinct())
        .as("events never appear")
        .containsExactlyInAnyOrder("user", "assistant");
  }

  @Test
  @Accepts("CH-11.7")
  void a_cursor_neither_repeats_nor_skips_while_messages_come() throws Exception {
    Talk talk = filled(60);
    var seen = new ArrayList<String>();
    String cursor = null;
    int fresh = 0;
    do {
      JsonNode body =
          page(talk, "?limit=7" + (cursor == null ? "" : "&cursor=" + cursor)).expect(200).json();
      var part = new ArrayList<String>();
      body.get("messages").forEach(m -> part.add(m.get("content").asString()));
      seen.addAll(0, part);
      JsonNode next = body.get("next_cursor");
      cursor = next.isNull() ? null : next.asString();
      if (cursor != null) {
        assertThat(body.get("has_next").asBoolean()).isTrue();
      }
      talk.say("fresh " + fresh++).expect(200);
    } while (cursor != null);

    assertThat(seen).isEqualTo(range(1, 60));
  }

  @Test
  void a_page_can_be_had_around_a_message_also_of_one_role() {
    Talk talk = filled(100);
    String middle =
        talk.messages("?limit=100").stream()
            .filter(m -> m.get("content").asString().equals("m41"))
            .findFirst()
            .orElseThrow()
            .get("id")
            .asString();

    assertThat(contents(talk, "?limit=10&around=" + middle)).contains("m41").hasSize(10);
    assertThat(contents(talk, "?limit=10&around=" + middle).indexOf("m41")).isBetween(3, 6);
    List<String> questions = contents(talk, "?limit=10&role=user&around=" + middle);
    assertThat(questions.indexOf("m41")).isBetween(3, 6);
  }

  @Test
  @Accepts("X-08")
  void a_session_comes_with_its_latest_messages_and_lists_them_by_role() {
    Talk talk = filled(80);

    JsonNode session = talk.me().get("/my/chat/sessions/" + talk.session()).expect(200).json();

    var latest = new ArrayList<String>();
    session.get("messages").forEach(m -> latest.add(m.get("content").asString()));
    assertThat(latest).isEqualTo(range(31, 80));
    assertThat(session.get("running").isEmpty()).isTrue();
    assertThat(contents(talk, "?limit=3&role=assistant")).containsExactly("m76", "m78", "m80");
    assertThat(contents(talk, "?limit=3&role=system")).isEmpty();
  }

  @Test
  void a_running_answer_is_shown_with_its_text_so_far_under_the_id_it_will_keep() throws Exception {
    Talk talk = world.talk();
    String text = "running " + UUID.randomUUID();
    ChatWorld.Held hold = world.hold(text);
    String question = talk.drop(text);
    hold.awaitReached();
    org.awaitility.Awaitility.await()
        .until(() -> {
          JsonNode all = running(talk);
          return !all.isEmpty() && all.get(0).get("content").asString().equals("re: ");
        });
    JsonNode running = running(talk).get(0);
    assertThat(running.get("user_message_id").asString()).isEqualTo(question);
    assertThat(running.get("agent_name").asString()).isEqualTo("Ask");
    String id = running.get("message_id").asString();
    JsonNode growing = talk.message(id);
    assertThat(Talk.line(growing)).isEqualTo("assistant processing re: ");
    assertThat(growing.get("task_id")).isEqualTo(running.get("task_id"));

    hold.letGo();

    talk.awaitStatus(id, "done");
    assertThat(talk.message(id).get("content").asString()).isEqualTo("re: " + text);
    assertThat(running(talk).isEmpty()).isTrue();
  }

  private static JsonNode running(Talk talk) {
    return talk.me().get("/my/chat/sessions/" + talk.session()).expect(200).json().get("running");
  }

  @Test
  void a_stream_opened_at_a_sessions_position_misses_nothing_and_repeats_nothing()
      throws Exception {
    Talk talk = world.talk();
    Talk elsewhere = world.talk(talk.me());
    var stop = new AtomicBoolean();
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Talk busy : List.of(talk, elsewhere)) {
        var _ =
            pool.submit(() -> {
              for (int i = 0; !stop.get(); i++) {
                busy.say("load " + i);
              }
            });
      }
      for (int round = 0; round < 8; round++) {
        JsonNode session = talk.me().get("/my/chat/sessions/" + talk.session()).expect(200).json();
        Set<String> known = new LinkedHashSet<>();
        session.get("messages").forEach(m -> known.add(m.get("id").asString()));
        try (Lines stream =
            talk.stream(
                "?event_types=message_created&last_event_id="
                    + session.get("last_event_id").asString())) {
          var told = new ArrayList<JsonNode>();
          while (told.size() < 4) {
            told.add(stream.until(l -> l.get("event_type").asString().equals("message_created")));
          }
          List<String> all = new ArrayList<>(known);
          told.forEach(line -> all.add(line.get("payload").get("message_id").asString()));
          assertThat(all).doesNotHaveDuplicates();
          assertThat(created(talk, all.getLast())).isEqualTo(all);
        }
      }
      stop.set(true);
    }
  }

  /// The ids of the session's messages as they were announced, up to that one, at most as many as a
  /// session shows and four more.
  private List<String> created(Talk talk, @Nullable String upTo) {
    List<String> all =
        world
            .db()
            .read(
                talk.me().user(),
                tx ->
                    tx.sql(
                            """
                            select payload ->> 'message_id' from event_logs
                             where user_id = :user and session_id = :session and event_type = 'message_created'
                             order by seq
                            """)
                        .param("user", talk.me().user().value())
                        .param("session", UUID.fromString(talk.session()))
                        .query(String.class)
                        .list());
    List<String> until = all.subList(0, all.indexOf(upTo) + 1);
    return until.subList(Math.max(0, until.size() - 54), until.size());
  }

  @Test
  void answers_are_counted_by_mode_with_their_average_duration() {
    Talk talk = world.talk();
    assertThat(
            talk.me().get("/my/chat/stats/").expect(200).json().get("direct_average_ms").isNull())
        .isTrue();
    talk.say("one").expect(200);
    talk.say("two").expect(200);

    JsonNode stats = talk.me().get("/my/chat/stats").expect(200).json();

    assertThat(stats.get("direct").asInt()).isEqualTo(2);
    assertThat(stats.get("orchestrated").asInt()).isZero();
    assertThat(stats.get("direct_average_ms").asDouble()).isPositive();
    assertThat(stats.get("orchestrated_average_ms").isNull()).isTrue();
  }

  @Test
  @Accepts("S4.4")
  void a_message_needs_text_within_its_size_and_texts_that_cannot_be_kept_are_refused() {
    Talk talk = world.talk();
    String path = talk.path() + "/message/";
    for (String bad :
        List.of(
            "{}",
            "{\"content\": null}",
            "{\"content\": \" \\n\\t\"}",
            "{\"content\": 7}",
            "{\"content\": [\"a\"]}",
            "{\"content\": \"a\", \"target_agent\": {}}",
            "{\"content\": \"a\\u0000b\"}",
            "{\"content\": \"a\\ud83d\"}",
            "{\"content\": \"\\ude00\\ud83d\"}",
            "{\"content\": \"a\", \"client_ref\": \"\\u0000\"}",
            "{\"content\": \"a\", \"target_agent\": \"\\u0000\"}",
            "{\"content\": \"a\", \"client_ref\": \"" + "x".repeat(65) + "\"}",
            "{\"content\": \"" + "x".repeat(64 * 1024 + 1) + "\"}",
            "{\"content\": \"" + "\u0436".repeat(32 * 1024 + 1) + "\"}")) {
      Answer refused = talk.me().post(path, bad);
      assertThat(refused.status()).as(bad.substring(0, Math.min(60, bad.length()))).isEqualTo(422);
      assertThat(refused.json().get("errors").size()).isPositive();
    }
    Answer placed = talk.me().post(path, "{\"content\": \"a\\u0000b\"}");
    assertThat(placed.json().get("errors").get(0).get("location").asString()).isEqualTo("/content");
    assertThat(talk.lines()).isEmpty();
    String emoji = "\uD83D\uDE00";
    assertThat(
            talk.me()
                .post(path, "{\"content\": \"\\ud83d\\ude00\", \"mood\": 3}")
                .expect(200)
                .json()
                .get("content")
                .asString())
        .isEqualTo("re: " + emoji);
    assertThat(talk.me().post(path, Map.of("content", "\u0436".repeat(32 * 1024))).status())
        .isEqualTo(200);
    assertThat(talk.me().post("/my/chat/sessions/", "{\"title\": \"\\u0000\"}").status())
        .isEqualTo(422);
    assertThat(
            talk.me()
                .patch("/my/chat/sessions/" + talk.session(), "{\"title\": \"\\udc00\"}")
                .status())
        .isEqualTo(422);
    assertThat(talk.me().post("/my/projects/", "{\"name\": \"\\u0000\"}").status()).isEqualTo(422);
    assertThat(
            talk.me()
                .patch("/my/agents/Code", "{\"config\": {\"system_prompt\": \"\\u0000\"}}")
                .status())
        .isEqualTo(422);
    assertThat(
            talk.me()
                .patch("/my/agents/Code", "{\"config\": {\"metadata\": {\"x\\u0000\": 1}}}")
                .status())
        .isEqualTo(422);
    for (String query :
        List.of(
            "/my/chat/sessions/?q=%00",
            "/my/chat/search?q=a%00b", "/my/search?q=a%00b", "/my/agents/?q=%00")) {
      assertThat(talk.me().get(query).status()).as(query).isBetween(400, 422);
    }
  }
}
