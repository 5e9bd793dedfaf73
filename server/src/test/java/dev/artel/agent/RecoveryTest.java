package dev.artel.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.acceptance.Accepts;
import dev.artel.agent.AgentWorld.Member;
import dev.artel.bus.Claim;
import dev.artel.bus.TaskEnd;
import dev.artel.db.Tx;
import dev.artel.project.Projects;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.UserId;
import dev.artel.testing.Answer;
import dev.artel.testing.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/// What makes an agent ill, what becomes of its messages then, and how it gets well.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RecoveryTest {
  private final AgentWorld world = AgentWorld.start();

  @AfterAll
  void close() throws IOException {
    world.close();
  }

  private static Reply refusedKey() {
    return Reply.error(401, "invalid_api_key");
  }

  @Test
  @Accepts({"S7.5", "S7.7"})
  void an_agent_in_error_refuses_work_until_an_attempt_finds_the_cause_gone() throws Exception {
    Member code = world.member("Code");
    world.model.next(refusedKey());

    Answer failed = code.say("first").expect(503);

    assertThat(failed.json().get("error_code").asString()).isEqualTo("LLM_PROVIDER_ERROR");
    JsonNode status = code.status();
    assertThat(status.get("status").asString()).isEqualTo("error");
    assertThat(status.get("state").asString()).isEqualTo("error");
    assertThat(status.get("is_active").asBoolean()).isFalse();
    assertThat(status.get("last_error")).isEqualTo(failed.json().get("detail"));
    assertThat(status.get("error_at").isNull()).isFalse();
    int calls = world.model.requests().size();

    Answer refused = code.say("second").expect(503);

    assertThat(refused.json().get("error_code").asString()).isEqualTo("AGENT_UNAVAILABLE");
    assertThat(refused.json().get("detail").asString()).startsWith("Code cannot work");
    assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 60);
    assertThat(code.messages()).hasSize(1);
    assertThat(world.model.requests()).hasSize(calls);
    assertThat(new Member(world, code.me(), code.session(), "Ask").say("you?").status())
        .as("another agent works")
        .isEqualTo(200);

    world.watch().recoverOnce();
    assertThat(code.status().get("status").asString()).as("not due yet").isEqualTo("error");
    code.recoveryDue();
    world.watch().recoverOnce();

    code.awaitStatus("ready");
    assertThat(code.status().get("last_error").isNull()).isTrue();
    assertThat(code.status().get("error_at").isNull()).isTrue();
    assertThat(code.status().get("health").get("result").asString()).isEqualTo("ok");
    code.say("third").expect(200);
    assertThat(code.turns())
        .contains(
            "ready>busy task session",
            "busy>error failure session",
            "error>ready recovery -",
            "busy>ready task session");
  }

  @Test
  @Accepts("S7.7")
  void each_failure_doubles_the_wait_until_a_task_is_completed() throws Exception {
    Member code = world.member("Code");
    world.model.next(refusedKey());
    code.say("one").expect(503);
    code.recoveryDue();
    world.watch().recoverOnce();
    code.awaitStatus("ready");

    world.model.next(refusedKey());
    code.say("two").expect(503);

    assertThat(Integer.parseInt(code.say("refused").expect(503).header("Retry-After")))
        .isBetween(61, 120);
    code.recoveryDue();
    world.watch().recoverOnce();
    code.awaitStatus("ready");
    assertThat(code.failures()).isEqualTo(2);
    code.say("three").expect(200);
    assertThat(code.failures()).isZero();
  }

  @Test
  @Accepts("S7.7")
  void nobody_has_to_ask_for_the_attempt() {
    Member code = world.member("Code");
    world.model.next(refusedKey());
    code.say("one").expect(503);

    code.recoveryDue();

    code.awaitStatus("ready");
  }

  @Test
  void a_temporary_error_is_the_tasks_alone() {
    Member code = world.member("Code");
    world.model.next(Reply.error(500, "server_error"));
    world.model.next(Reply.error(429, "rate_limit_exceeded"));
    world.model.next(Reply.error(400, "invalid_request_error"));

    for (String content : new String[] {"one", "two", "three"}) {
      code.say(content).expect(503);
      assertThat(code.status().get("status").asString()).isEqualTo("ready");
    }
    code.say("four").expect(200);
  }

  @Test
  void a_changed_configuration_is_tried_at_once() throws Exception {
    Member code = world.member("Code");
    world.model.next(refusedKey());
    code.say("one").expect(503);

    code.me().patch("/my/agents/Code", Map.of("config", Map.of("temperature", 0.1))).expect(200);
    world.watch().recoverOnce();

    code.awaitStatus("ready");
  }

  @Test
  void what_was_admitted_before_the_error_runs_on_and_ends_it_not() throws Exception {
    Member code = world.member("Code");
    var reached = new java.util.concurrent.CountDownLatch(1);
    var release = new java.util.concurrent.CountDownLatch(1);
    world.model.next(Reply.of("late").hold(reached, release).text("r"));
    code.drop("slow");
    assertThat(reached.await(30, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
    code.awaitStatus("busy");
    world.model.next(refusedKey());
    Member other = world.member(code.me(), "Code");
    other.drop("refused");
    code.awaitStatus("error");

    release.countDown();
    Awaitility.await()
        .atMost(AgentWorld.PATIENCE)
        .until(() -> code.status().get("queue").get("active").asInt() == 0);
    assertThat(code.status().get("status").asString()).isEqualTo("error");
    code.recoveryDue();
    world.watch().recoverOnce();
    code.awaitStatus("ready");
  }

  @Test
  void what_an_older_configuration_met_says_nothing_about_the_present_one() {
    Member code = world.member("Code");
    code.me().patch("/my/agents/Code", Map.of("config", Map.of("temperature", 0.1))).expect(200);
    Agents agents = world.world.door(Agents.class);
    UserId user = code.me().user();
    ProjectId project = world.world.door(Projects.class).defaultOf(user);
    AgentId id = agents.get(user, project, "Code").id();
    var refused = new TaskEnd.Failed("The key is refused.", "authentication", null);

    for (int version : new int[] {1, 2}) {
      assertThat(code.status().get("status").asString()).isEqualTo("ready");
      var claim =
          new Claim(
              user,
              new TaskId(UUID.randomUUID()),
              project,
              null,
              id,
              version,
              1,
              1,
              1,
              0,
              Duration.ZERO,
              Duration.ZERO,
              new UUID(0, 1));
      world
          .db()
          .does(
              user, tx -> agents.standings().ended(tx, user, claim, refused, Duration.ofMillis(5)));
    }

    assertThat(code.status().get("status").asString()).isEqualTo("error");
    assertThat(code.status().get("execution").get("failed").asInt()).isEqualTo(2);
    assertThat(code.status().get("execution").get("last_execution_time_ms").asInt()).isEqualTo(5);
  }

  @Test
  void an_agent_whose_work_runs_on_is_busy_again_when_it_recovers() throws Exception {
    Member code = world.member("Code");
    var reached = new java.util.concurrent.CountDownLatch(1);
    var release = new java.util.concurrent.CountDownLatch(1);
    world.model.next(Reply.of("late").hold(reached, release).text("r"));
    code.drop("slow");
    assertThat(reached.await(30, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
    world.model.next(refusedKey());
    world.member(code.me(), "Code").drop("refused");
    code.awaitStatus("error");

    code.recoveryDue();
    world.watch().recoverOnce();

    code.awaitStatus("busy");
    release.countDown();
    code.awaitStatus("ready");
    assertThat(code.turns())
        .containsExactly(
            "ready>busy task session",
            "busy>error failure session",
            "error>ready recovery -",
            "ready>busy task -",
            "busy>ready task session");
  }

  @Test
  void a_check_pays_for_nothing_looks_at_active_agents_alone_and_shows_its_result()
      throws Exception {
    Member code = world.member("Code");
    code.say("work").expect(200);
    int calls = world.model.requests().size();

    world.watch().checkOnce(Duration.ZERO);

    JsonNode health = code.status().get("health");
    assertThat(health.get("result").asString()).isEqualTo("ok");
    assertThat(health.get("last_check").isNull()).isFalse();
    assertThat(world.model.requests()).hasSize(calls);
    JsonNode idle = new Member(world, code.me(), code.session(), "Ask").status().get("health");
    assertThat(idle.get("last_check").isNull()).isTrue();
    world.watch().checkOnce(Duration.ofSeconds(55));
    assertThat(code.status().get("health")).as("not due again").isEqualTo(health);
  }

  @Test
  void a_configuration_that_cannot_be_read_and_a_queue_that_stands_still_are_found()
      throws Exception {
    Member code = world.member("Code");
    code.say("work").expect(200);
    world
        .db()
        .does(
            code.me().user(),
            tx ->
                tx.sql(
                        "update user_agents set config = '\"none\"' where user_id = :u and name = 'Code'")
                    .param("u", code.me().user().value())
                    .update());

    world.watch().checkOnce(Duration.ZERO);

    assertThat(code.status().get("health").get("result").asString())
        .isEqualTo("Its configuration cannot be read.");
    assertThat(code.turns()).last().isEqualTo("ready>error health -");

    world
        .db()
        .does(
            code.me().user(),
            tx ->
                tx.sql(
                        """
                        update tasks set status = 'queued', completed_at = null, run_after = 'infinity',
                                         created_at = artel_now() - interval '2 minutes'
                         where user_id = :u
                        """)
                    .param("u", code.me().user().value())
                    .update());
    assertThat(stuck(code)).as("not to start yet").isFalse();
    world
        .db()
        .does(
            code.me().user(),
            tx -> {
              tx.sql(
                      "update tasks set run_after = artel_now() - interval '2 minutes' where user_id = :u")
                  .param("u", code.me().user().value())
                  .update();
              assertThat(stuck(tx, code)).isTrue();
              tx.sql("update tasks set run_after = 'infinity' where user_id = :u")
                  .param("u", code.me().user().value())
                  .update();
            });
  }

  private boolean stuck(Member member) {
    return world.db().read(member.me().user(), tx -> stuck(tx, member));
  }

  private static boolean stuck(Tx tx, Member member) {
    UUID agent =
        tx.sql("select id from user_agents where user_id = :u and name = :name")
            .param("u", member.me().user().value())
            .param("name", member.agent())
            .query(UUID.class)
            .single();
    return new StatusStore()
        .patients(tx, member.me().user(), List.of(new AgentId(agent)), Checkup.STUCK_AFTER)
        .getFirst()
        .stuck();
  }
}
