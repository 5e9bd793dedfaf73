package dev.artel.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.acceptance.Accepts;
import dev.artel.bus.Bus;
import dev.artel.db.Db;
import dev.artel.protocol.UserId;
import dev.artel.testing.Answer;
import dev.artel.testing.Client;
import dev.artel.testing.Lines;
import dev.artel.testing.OwnDatabase;
import dev.artel.testing.ProviderWire;
import dev.artel.testing.Reply;
import dev.artel.testing.ScriptedProviderServer;
import dev.artel.testing.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// What a running turn outlives, and what it ends with.
final class LivingTurnTest {
  @Test
  @Accepts("CH-11.10")
  void a_turn_that_uses_up_its_time_fails_with_504_and_keeps_what_was_said() throws Exception {
    try (ChatWorld world = ChatWorld.start("ARTEL_AGENT_TASK_TIMEOUT", "1")) {
      Talk talk = world.talk();
      world.model.next(Reply.of("so far").thenSilence());

      Answer answer = talk.say("endless").expect(504);

      assertThat(answer.json().get("error_code").asString()).isEqualTo("TASK_TIMEOUT");
      assertThat(talk.lines()).containsExactly("user failed endless", "assistant failed so far");
      assertThat(talk.messages("").getLast().get("finish_reason").asString()).isEqualTo("limit");
      assertThat(talk.events("error").getFirst().get("payload").get("error_type").asString())
          .isEqualTo("task_timeout");
      talk.say("endless").expect(200);
      assertThat(talk.lines()).containsExactly("user done endless", "assistant done re: endless");
    }
  }

  @Test
  void a_caller_is_kept_waiting_no_longer_than_the_limit() throws Exception {
    try (ChatWorld world = ChatWorld.start("ARTEL_MESSAGE_WAIT_LIMIT", "1")) {
      Talk talk = world.talk();
      ChatWorld.Held hold = world.hold("slow");

      JsonNode accepted = talk.say("slow").expect(202).json();

      assertThat(accepted.get("role").asString()).isEqualTo("user");
      assertThat(accepted.get("status").asString()).isEqualTo("processing");
      assertThat(accepted.get("task_status").asString()).isEqualTo("running");
      hold.letGo();
      talk.awaitStatus(accepted.get("id").asString(), "done");
    }
  }

  @Test
  void a_process_that_stops_answers_its_callers_and_the_next_one_goes_on() throws Exception {
    var user = new UserId(UUID.randomUUID());
    String session;
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Answer> waiting;
      ChatWorld first = ChatWorld.start();
      try {
        Talk talk = first.talk(first.world.user(user));
        session = talk.session();
        first.model.next(Reply.of("lost words").thenSilence());
        waiting = pool.submit(() -> talk.say("survive"));
        first.model.awaitRequest();
        Awaitility.await()
            .until(() ->
                !talk.messages("").isEmpty()
                    && talk.status(talk.messages("").getFirst().get("id").asString())
                        .equals("processing"));
        talk.drop("behind");
      } finally {
        first.close();
      }
      JsonNode accepted = waiting.get().expect(202).json();
      assertThat(accepted.get("task_status").asString()).isEqualTo("running");
    }
    try (ChatWorld second = ChatWorld.start()) {
      Talk talk = new Talk(second.world.user(user), session);
      Awaitility.await().until(() -> talk.messages("?role=assistant").size() == 2);
      assertThat(talk.lines())
          .containsExactly(
              "user done survive",
              "user done behind",
              "assistant done re: survive",
              "assistant done re: behind");
      JsonNode created = talk.events("message_created").get(2).get("payload");
      assertThat(created.get("attempt").asInt()).as("a higher attempt replaces").isEqualTo(2);
      assertThat(talk.events("message_created")).hasSize(4);
    }
  }

  @Test
  void another_process_shows_the_text_so_far_under_the_same_id() throws Exception {
    try (ChatWorld world = ChatWorld.start()) {
      Talk talk = world.talk();
      ChatWorld.Held hold = world.hold("shown elsewhere");
      talk.drop("shown elsewhere");
      hold.awaitReached();
      try (World other = World.start(OwnDatabase.settings(), Map.of())) {
        Client there = other.user(talk.me().user());
        Awaitility.await()
            .until(() ->
                running(there, talk).map(answer -> answer.get("content").asString()).stream()
                    .anyMatch("re: "::equals));

        assertThat(running(there, talk).orElseThrow().get("message_id"))
            .isEqualTo(running(talk.me(), talk).orElseThrow().get("message_id"));
      }
      hold.letGo();
    }
  }

  private static Optional<JsonNode> running(Client me, Talk talk) {
    JsonNode running =
        me.get("/my/chat/sessions/" + talk.session()).expect(200).json().get("running");
    return running.isEmpty() ? Optional.empty() : Optional.of(running.get(0));
  }

  @Test
  void work_that_is_interrupted_too_often_fails_where_everybody_sees_it() throws Exception {
    try (ChatWorld world = ChatWorld.start();
        var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      Talk talk = world.talk();
      world.model.next(Reply.silence());
      Future<Answer> waiting = pool.submit(() -> talk.say("unlucky"));
      world.model.awaitRequest();
      world
          .db()
          .does(
              talk.me().user(),
              tx ->
                  tx.sql(
                          """
                          update tasks set status = 'queued', lease_owner = null, lease_until = null, attempts = 3
                           where user_id = :user
                          """)
                      .param("user", talk.me().user().value())
                      .update());

      Answer answer = waiting.get();

      assertThat(answer.status()).as(answer.body()).isIn(202, 503);
      String id = talk.messages("").getFirst().get("id").asString();
      JsonNode failed = talk.awaitStatus(id, "failed");
      assertThat(failed.get("error").asString()).contains("interrupted 3 times");
      assertThat(talk.events("error")).hasSize(1);
      assertThat(talk.events("task_failed")).hasSize(1);
      assertThat(talk.say("unlucky").expect(200).json().get("content").asString())
          .isEqualTo("re: unlucky");
      assertThat(talk.messages("?role=user")).hasSize(1);
    }
  }

  @Test
  void fifty_turns_that_wait_for_a_model_hold_no_connection() throws Exception {
    try (ChatWorld world = ChatWorld.start("ARTEL_AGENT_QUEUE_SIZE", "100")) {
      List<ChatWorld.Held> holds = new ArrayList<>();
      Client me = world.world.user();
      List<String> names =
          Talk.list(me.get("/my/agents/"), "agents").stream()
              .map(a -> a.get("name").asString())
              .toList();
      names.forEach(name ->
          me.patch("/my/agents/" + name, "{\"config\": {\"concurrency_limit\": 10}}").expect(200));
      List<Talk> talks = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        String text = "held " + i + " " + UUID.randomUUID();
        holds.add(world.hold(text));
        Talk talk = world.talk(me);
        talks.add(talk);
        new Talk(me.with("Prefer", "respond-async"), talk.session())
            .say(text, names.get(i % names.size()))
            .expect(202);
      }
      for (ChatWorld.Held hold : holds) {
        hold.awaitReached();
      }

      Db db = world.world.door(Db.class);
      Awaitility.await()
          .untilAsserted(() -> {
            assertThat(db.pool().active()).isZero();
            assertThat(openTransactions(world)).isZero();
          });

      holds.forEach(ChatWorld.Held::letGo);
      Awaitility.await()
          .until(() -> talks.stream().allMatch(talk -> talk.messages("").size() == 2));
    }
  }

  private static int openTransactions(ChatWorld world) {
    return world
        .db()
        .unbound(tx ->
            tx.sql("select count(*) from pg_stat_activity where state = 'idle in transaction'")
                .query(Integer.class)
                .single());
  }

  @ParameterizedTest
  @ValueSource(strings = {"agent", "project", "user"})
  void what_is_deleted_in_mid_answer_ends_the_run_and_lets_the_caller_go(String what)
      throws Exception {
    try (ChatWorld world = ChatWorld.start();
        var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      Client me = world.world.user();
      String project =
          me.post("/my/projects/", Map.of("name", "Doomed"))
              .expect(201)
              .json()
              .get("id")
              .asString();
      String prefix = "/my/projects/" + project;
      String session =
          me.post(prefix + "/chat/sessions/", null).expect(201).json().get("id").asString();
      world.model.next(Reply.of("half").thenSilence());
      Future<Answer> waiting =
          pool.submit(() ->
              me.post(
                  prefix + "/chat/" + session + "/message/",
                  Map.of("content", "q", "target_agent", "Code")));
      world.model.awaitRequest();
      Consumer<String> delete =
          kind -> {
            switch (kind) {
              case "agent" -> me.delete(prefix + "/agents/Code").expect(204);
              case "project" -> me.delete(prefix).expect(204);
              default -> world.world.admin().delete("/admin/users/" + me.user()).expect(204);
            }
          };

      delete.accept(what);

      world.model.awaitClientGone();
      Answer answer = waiting.get();
      if (what.equals("agent")) {
        assertThat(answer.expect(200).json().get("status").asString()).isEqualTo("cancelled");
        assertThat(
                Talk.list(me.get(prefix + "/chat/sessions/" + session + "/messages/"), "messages"))
            .hasSize(1);
      } else {
        assertThat(answer.status()).isIn(401, 404);
      }
      Awaitility.await().until(() -> world.world.door(Bus.class).active() == 0);
    }
  }

  @Test
  @Accepts("X-19")
  void the_models_server_and_name_can_be_chosen_for_the_deployment_and_for_an_agent()
      throws Exception {
    try (var local = ScriptedProviderServer.start(ProviderWire.OPENAI, null);
        ChatWorld world = ChatWorld.start("ARTEL_MODEL_ENDPOINTS", "local=" + local.url())) {
      Talk talk = world.talk();
      world.model.next(Reply.of("default").model("test-model"));
      JsonNode ofDeployment = talk.say("who?").expect(200).json();
      assertThat(ofDeployment.get("provider").asString()).isEqualTo("openai");
      assertThat(ofDeployment.get("model").asString()).isEqualTo("test-model");

      String config =
          """
          {"config": {"model": "%s", "metadata": {"base_url": "%s"}}}
          """;
      talk.me()
          .patch("/my/agents/Code", config.formatted("local/special", local.url()))
          .expect(200);
      local.next(Reply.of("mine").model("special"));
      JsonNode ofAgent = talk.say("who?", "Code").expect(200).json();

      assertThat(ofAgent.get("content").asString()).isEqualTo("mine");
      assertThat(ofAgent.get("provider").asString()).isEqualTo("local");
      assertThat(ofAgent.get("model").asString()).isEqualTo("special");
      assertThat(
              talk.me()
                  .patch("/my/agents/Code", config.formatted("x/y", "http://127.0.0.1:1/v1"))
                  .status())
          .as("only what the operator named")
          .isEqualTo(422);
    }
  }

  @Test
  void a_model_that_writes_what_cannot_be_kept_is_kept_as_well_as_can_be() throws Exception {
    try (ChatWorld world = ChatWorld.start()) {
      Talk talk = world.talk();
      world.model.next(Reply.of("a\0b", " \uD83D\uDE00"));
      try (Lines stream = talk.stream("?deltas=1")) {
        stream.json();
        assertThat(talk.say("odd").expect(200).json().get("content").asString())
            .isEqualTo("a\uFFFDb \uD83D\uDE00");
        stream.until(line -> line.get("event_type").asString().equals("task_completed"));
      }
      world.model.next(Reply.of("{\"summary\": \"x\\u0000y\"}"));
      assertThat(talk.say("json").expect(200).json().get("content").asString())
          .as("no object that could be kept")
          .isEqualTo("{\"summary\": \"x\\u0000y\"}");
    }
  }
}
