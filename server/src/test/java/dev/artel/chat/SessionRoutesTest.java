package dev.artel.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.artel.acceptance.Accepts;
import dev.artel.db.Db;
import dev.artel.testing.Answer;
import dev.artel.testing.Client;
import dev.artel.testing.Lines;
import dev.artel.testing.Reply;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.dao.DataIntegrityViolationException;
import tools.jackson.databind.JsonNode;

/// Sessions over HTTP.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SessionRoutesTest {
  private static final String SESSIONS = "/my/chat/sessions/";

  private final ChatWorld world = ChatWorld.start();

  @AfterAll
  void close() throws IOException {
    world.close();
  }

  private static List<String> titles(Client me, String query) {
    return Talk.list(me.get(SESSIONS + query), "sessions").stream()
        .map(session -> session.get("title").asString())
        .toList();
  }

  private static JsonNode session(Talk talk) {
    return talk.me().get(SESSIONS + talk.session()).expect(200).json();
  }

  private static Answer patch(Talk talk, Object body) {
    return talk.me().patch(SESSIONS + talk.session(), body);
  }

  @Test
  @Accepts("S3.4")
  void the_database_itself_knows_that_a_session_is_in_a_project_of_the_same_user() {
    Client me = world.world.user();
    UUID own = project(me);
    UUID foreign = project(world.world.user());

    UUID made = insert(me, own);
    JsonNode session = me.get(SESSIONS + made).expect(200).json();
    assertThat(session.get("id").asString()).isEqualTo(made.toString());
    assertThat(session.get("created_at").asString()).endsWith("Z");
    for (UUID project : new UUID[] {foreign, UUID.randomUUID()}) {
      assertThatThrownBy(() -> insert(me, project))
          .isInstanceOf(DataIntegrityViolationException.class);
    }
  }

  private static UUID project(Client who) {
    return UUID.fromString(
        who.get("/my/me").expect(200).json().get("default_project_id").asString());
  }

  private UUID insert(Client who, UUID project) {
    UUID session = UUID.randomUUID();
    world
        .world
        .door(Db.class)
        .does(
            who.user(),
            tx ->
                tx.sql(
                        """
                        insert into chat_sessions (id, user_id, project_id)
                        values (:id, :user, :project)
                        """)
                    .param("id", session)
                    .param("user", who.user().value())
                    .param("project", project)
                    .update());
    return session;
  }

  @Test
  @Accepts({"CH-11.5", "S13.3", "S4.3"})
  void sessions_are_made_listed_read_and_deleted_and_foreign_ones_do_not_exist() throws Exception {
    Client me = world.world.user();
    Talk first = world.talk(me);
    Talk second = world.talk(me);
    JsonNode made = session(first);
    assertThat(made.get("title").isNull()).isTrue();
    assertThat(made.get("message_count").asInt()).isZero();
    assertThat(made.get("state").asString()).isEqualTo("idle");
    assertThat(made.get("created_at").asString()).endsWith("Z");

    first.say("in the first").expect(200);
    second.say("in the second").expect(200);
    first.say("again").expect(200);

    assertThat(titles(me, ""))
        .as("latest activity first")
        .containsExactly("in the first", "in the second");
    JsonNode read = session(first);
    assertThat(read.get("message_count").asInt()).isEqualTo(4);
    assertThat(read.get("messages").size()).isEqualTo(4);
    assertThat(read.get("messages").get(3).get("content").asString()).isEqualTo("re: again");
    assertThat(read.get("preview").asString()).isEqualTo("re: again");
    assertThat(read.get("last_message_at").isNull()).isFalse();
    assertThat(me.get("/my/chat/" + first.session() + "/").expect(200).json().get("id"))
        .isEqualTo(read.get("id"));

    Client other = world.world.user();
    for (Answer foreign :
        List.of(
            other.get(SESSIONS + first.session()),
            other.delete(SESSIONS + first.session()),
            other.patch(SESSIONS + first.session(), Map.of("title", "mine")),
            other.post(SESSIONS + first.session() + "/fork", Map.of()),
            other.get(SESSIONS + first.session() + "/messages/"),
            other.post(first.path() + "/message/", Map.of("content", "x")),
            other.post(first.path() + "/stop", null),
            other.get(SESSIONS + UUID.randomUUID()))) {
      assertThat(foreign.expect(404).json().get("detail").asString())
          .isEqualTo("Session not found");
    }
    assertThat(titles(other, "")).isEmpty();

    try (Lines stream = first.stream("")) {
      stream.json();
      me.delete(SESSIONS + first.session()).expect(204);
      assertThat(
              stream
                  .until(line -> line.get("event_type").asString().equals("session_closed"))
                  .get("payload")
                  .get("reason")
                  .asString())
          .isEqualTo("session_deleted");
    }
    me.get(SESSIONS + first.session()).expect(404);
    me.delete(SESSIONS + first.session()).expect(404);
    assertThat(titles(me, "")).containsExactly("in the second");
    int left =
        world
            .db()
            .read(
                me.user(),
                tx ->
                    tx.sql(
                            """
                            select (select count(*) from messages where user_id = :user and session_id = :id)
                                 + (select count(*) from tasks where user_id = :user and session_id = :id)
                                 + (select count(*) from event_logs where user_id = :user and session_id = :id)
                            """)
                        .param("user", me.user().value())
                        .param("id", UUID.fromString(first.session()))
                        .query(Integer.class)
                        .single());
    assertThat(left).isZero();
  }

  /// Their ids begin with the time, and so with a zero.
  @Test
  void a_session_has_one_address_and_is_not_found_without_the_leading_zero_of_its_id() {
    Talk talk = world.talk(world.world.user());
    String shortened = talk.session().substring(1);
    assertThat(talk.session()).startsWith("0");

    talk.me().get(SESSIONS + talk.session()).expect(200);

    talk.me().get(SESSIONS + shortened).expect(404);
    talk.me().get("/my/chat/" + shortened + "/messages").expect(404);
    talk.me().get("/my/chat/" + shortened + "/events").expect(404);
  }

  @Test
  void a_list_puts_pinned_ones_first_and_filters_by_title_pin_and_archive() {
    Client me = world.world.user();
    Talk a = world.talk(me);
    Talk b = world.talk(me);
    Talk c = world.talk(me);
    patch(a, Map.of("title", "Alpha 100%", "pinned", true)).expect(200);
    patch(b, Map.of("title", "beta_1")).expect(200);
    patch(c, Map.of("title", "Gamma", "archived", true)).expect(200);

    assertThat(titles(me, "")).containsExactly("Alpha 100%", "beta_1");
    assertThat(titles(me, "?archived=true")).containsExactly("Gamma");
    assertThat(titles(me, "?pinned=true")).containsExactly("Alpha 100%");
    assertThat(titles(me, "?pinned=false")).containsExactly("beta_1");
    assertThat(titles(me, "?q=BETA")).containsExactly("beta_1");
    assertThat(titles(me, "?q=0%25")).containsExactly("Alpha 100%");
    assertThat(titles(me, "?q=a_1")).containsExactly("beta_1");
    assertThat(titles(me, "?q=%25")).containsExactly("Alpha 100%");
    assertThat(titles(me, "?sort_by=title&order=desc")).containsExactly("beta_1", "Alpha 100%");
    for (String bad :
        List.of("?pinned=maybe", "?archived=1", "?sort_by=color", "?limit=101", "?offset=-1")) {
      assertThat(me.get(SESSIONS + bad).status()).as(bad).isEqualTo(400);
    }
  }

  @Test
  void a_session_takes_its_title_from_its_first_message_unless_the_user_gave_one() {
    Talk talk = world.talk();
    String long61 = "\uD83D\uDE00".repeat(61);
    world.model.next(Reply.of("ok"));
    talk.say("  " + long61 + "  ").expect(200);
    assertThat(session(talk).get("title").asString()).isEqualTo("\uD83D\uDE00".repeat(60));

    patch(talk, Map.of("title", "Mine")).expect(200);
    talk.say("another").expect(200);
    assertThat(session(talk).get("title").asString()).isEqualTo("Mine");
    JsonNode reset = patch(talk, "{\"title\": null, \"pinned\": true}").expect(200).json();
    assertThat(reset.get("title").isNull()).isTrue();
    assertThat(reset.get("pinned").asBoolean()).isTrue();
    talk.say("third\n message").expect(200);
    assertThat(session(talk).get("title").asString()).isEqualTo("third message");

    for (String bad :
        List.of(
            "{\"title\": \"\"}", "{\"title\": \" \"}", "{\"title\": 5}", "{\"pinned\": \"yes\"}")) {
      assertThat(patch(talk, bad).status()).as(bad).isEqualTo(422);
    }
    assertThat(patch(talk, Map.of("title", "x".repeat(201))).status()).isEqualTo(422);
    assertThat(talk.me().post(SESSIONS, Map.of("title", " ")).status()).isEqualTo(422);
    assertThat(
            talk.me()
                .post(SESSIONS, Map.of("title", "Given"))
                .expect(201)
                .json()
                .get("title")
                .asString())
        .isEqualTo("Given");
  }

  @Test
  void the_list_shows_what_runs_what_waits_and_how_the_latest_answer_begins() throws Exception {
    Talk talk = world.talk();
    String text = "state " + UUID.randomUUID();
    ChatWorld.Held hold = world.hold(text);
    String id = talk.drop(text);
    hold.awaitReached();
    talk.drop("waits");
    Awaitility.await().until(() -> talk.status(id).equals("processing"));

    JsonNode running = Talk.list(talk.me().get(SESSIONS), "sessions").getFirst();

    assertThat(running.get("state").asString()).isEqualTo("running");
    assertThat(running.get("queued_count").asInt()).isEqualTo(1);
    assertThat(running.get("preview").isNull()).isTrue();
    hold.letGo();
    Awaitility.await().until(() -> session(talk).get("state").asString().equals("idle"));
    world.model.next(Reply.of("x".repeat(500)));
    talk.say("long").expect(200);
    assertThat(session(talk).get("preview").asString()).isEqualTo("x".repeat(120));
  }

  @Test
  void a_fork_has_copies_of_what_was_said_and_goes_its_own_way() throws Exception {
    Talk talk = world.talk();
    talk.say("one").expect(200);
    JsonNode two = talk.say("two").expect(200).json();
    talk.me()
        .post(talk.path() + "/messages/" + two.get("user_message_id").asString() + "/retry", null)
        .expect(200);
    talk.say("three").expect(200);
    String busy = "forked " + UUID.randomUUID();
    ChatWorld.Held hold = world.hold(busy);
    talk.drop(busy);
    hold.awaitReached();

    JsonNode whole = fork(talk, Map.of("title", "Branch"));
    JsonNode part = fork(talk, Map.of("message_id", two.get("user_message_id").asString()));

    Talk branch = new Talk(talk.me(), whole.get("id").asString());
    assertThat(branch.lines())
        .containsExactly(
            "user done one",
            "assistant done re: one",
            "user done two",
            "assistant done re: two",
            "user done three",
            "assistant done re: three");
    assertThat(whole.get("title").asString()).isEqualTo("Branch");
    assertThat(whole.get("forked_from").get("session_id").asString()).isEqualTo(talk.session());
    assertThat(part.get("title").asString()).isEqualTo("one");
    assertThat(part.get("forked_from").get("message_id")).isEqualTo(two.get("user_message_id"));
    Talk early = new Talk(talk.me(), part.get("id").asString());
    assertThat(early.lines())
        .containsExactly("user done one", "assistant done re: one", "user done two");
    List<JsonNode> copies = branch.messages("");
    assertThat(copies.get(1).get("user_message_id")).isEqualTo(copies.get(0).get("id"));
    assertThat(copies.get(1).get("usage").isNull()).as("usage is not counted twice").isTrue();
    assertThat(copies.stream().map(m -> m.get("id")).toList())
        .doesNotContainAnyElementsOf(
            talk.messages("?include=superseded").stream().map(m -> m.get("id")).toList());

    branch.say("four").expect(200);
    assertThat(world.model.requests().getLast().turns().stream().map(t -> t.text()).toList())
        .containsExactly("one", "re: one", "two", "re: two", "three", "re: three", "four");
    hold.letGo();
    assertThat(
            talk.me()
                .post(
                    SESSIONS + talk.session() + "/fork",
                    Map.of("message_id", UUID.randomUUID().toString()))
                .status())
        .isEqualTo(404);
  }

  @Test
  void a_fork_behind_an_answer_leaves_out_the_question_that_came_while_it_was_written()
      throws Exception {
    Talk talk = world.talk();
    String first = "turn " + UUID.randomUUID();
    ChatWorld.Held hold = world.hold(first);
    String id = talk.drop(first);
    hold.awaitReached();
    String second = talk.drop("early bird");
    hold.letGo();
    talk.awaitStatus(second, "done");
    String answer =
        talk.messages("?role=assistant").stream()
            .filter(m -> m.get("user_message_id").asString().equals(id))
            .findFirst()
            .orElseThrow()
            .get("id")
            .asString();

    JsonNode fork = fork(talk, Map.of("message_id", answer));

    assertThat(new Talk(talk.me(), fork.get("id").asString()).lines())
        .containsExactly("user done " + first, "assistant done re: " + first);
  }

  private static JsonNode fork(Talk talk, Object body) {
    return talk.me().post(SESSIONS + talk.session() + "/fork", body).expect(201).json();
  }

  @Test
  void a_session_deleted_in_mid_answer_lets_its_caller_and_its_agent_go() throws Exception {
    Talk talk = world.talk();
    String text = "deleted " + UUID.randomUUID();
    ChatWorld.Held hold = world.hold(text);
    try (var pool = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
      var waiting = pool.submit(() -> talk.say(text));
      hold.awaitReached();

      talk.me().delete(SESSIONS + talk.session()).expect(204);

      assertThat(waiting.get().status()).isEqualTo(404);
    }
    Awaitility.await()
        .until(() ->
            Talk.list(talk.me().get("/my/agents/"), "agents").stream()
                .allMatch(agent -> agent.get("status").asString().equals("ready")));
    hold.letGo();
  }

  @Test
  void a_repeated_create_with_its_key_makes_one_session() {
    Client me = world.world.user();
    Client keyed = me.with("Idempotency-Key", "one-session");

    JsonNode first = keyed.post(SESSIONS, Map.of("title", "T")).expect(201).json();
    JsonNode second = keyed.post(SESSIONS, Map.of("title", "T")).expect(201).json();

    assertThat(second).isEqualTo(first);
    assertThat(titles(me, "")).containsExactly("T");
  }
}
