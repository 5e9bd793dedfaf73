package dev.artel.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.acceptance.Accepts;
import dev.artel.db.Db;
import dev.artel.db.Tx;
import dev.artel.event.Draft;
import dev.artel.event.EventLog;
import dev.artel.project.Projects;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.Event;
import dev.artel.protocol.EventId;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.TaskStatus;
import dev.artel.protocol.WireCodec;
import dev.artel.testing.Answer;
import dev.artel.testing.Client;
import dev.artel.testing.World;
import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

final class AnalyticsRoutesTest {
  private final World world = World.shared();
  private final Db db = world.door(Db.class);
  private final Client me = world.user();
  private ProjectId project = new ProjectId(UUID.randomUUID());
  private AgentId ask = new AgentId(UUID.randomUUID());
  private SessionId session = new SessionId(UUID.randomUUID());
  private String canonical = "";

  @BeforeEach
  void furnish() {
    ask =
        new AgentId(
            UUID.fromString(me.get("/my/agents/Ask").expect(200).json().get("id").asString()));
    project = world.door(Projects.class).defaultOf(me.user());
    canonical = "/my/projects/" + project;
    db.does(
        me.user(),
        tx ->
            tx.sql("insert into chat_sessions (id, user_id, project_id) values (:id, :u, :p)")
                .param("id", session.value())
                .param("u", me.user().value())
                .param("p", project.value())
                .update());
  }

  @Accepts("X-12")
  @Test
  void what_was_committed_is_counted_at_once_by_type_agent_status_and_error() {
    for (int ms : List.of(100, 200, 300, 400)) {
      append(completed(ms));
    }
    TaskId failed = new TaskId(UUID.randomUUID());
    append(new Event.TaskFailed(failed, ask, "Ask", "no", "timeout", 3));
    EventId error =
        append(new Event.Failure("no", "timeout", "It took too long.", ask, "Ask", failed));
    EventId other =
        append(new Event.Failure("no", "connection", "Nobody there.", ask, "Ask", null));
    fail(error, true);
    fail(other, false);

    JsonNode summary = me.get(canonical + "/analytics").expect(200).json();

    assertThat(me.get("/my/analytics?user_id=" + UUID.randomUUID()).expect(200).json())
        .isEqualTo(summary);
    JsonNode types =
        json("{\"agent_created\": 5, \"error\": 2, \"task_completed\": 4, \"task_failed\": 1}");
    assertThat(summary.get("event_type_counts")).isEqualTo(types);
    assertThat(summary.get("events_by_type")).isEqualTo(types);
    assertThat(summary.get("total_events").intValue()).isEqualTo(12);
    assertThat(summary.get("agent_interactions").get(ask.toString()).intValue()).isEqualTo(8);
    assertThat(summary.get("agent_interactions")).hasSize(5);
    assertThat(summary.get("events_by_status"))
        .isEqualTo(json("{\"failed\": 1, \"pending\": 1, \"published\": 10}"));
    assertThat(summary.get("error_stats"))
        .isEqualTo(
            json(
                """
                {"errors": 2, "failed_tasks": 1, "by_error_type": {"connection": 1, "timeout": 1}}
                """));
    assertThat(summary.get("latency_stats"))
        .isEqualTo(
            json("{\"min\": 100, \"max\": 400, \"avg\": 250.0, \"p95\": 385.0, \"count\": 4}"));
    assertThat(summary.get("retention").get("days").intValue()).isEqualTo(90);
  }

  @Test
  void an_empty_log_has_counts_of_nothing() {
    JsonNode summary = world.user().get("/my/analytics").expect(200).json();

    assertThat(summary.get("latency_stats"))
        .isEqualTo(
            json("{\"min\": null, \"max\": null, \"avg\": null, \"p95\": null, \"count\": 0}"));
    assertThat(summary.get("total_events").intValue()).isEqualTo(5);
  }

  @Test
  void a_sessions_events_are_told_oldest_first_and_only_its_own() {
    append(completed(1));
    inSession(completed(2));
    inSession(new Event.TaskFailed(new TaskId(UUID.randomUUID()), ask, "Ask", "no", "timeout", 1));
    String path = "/analytics/sessions/" + session + "/events";

    JsonNode page = me.get("/my" + path).expect(200).json();

    assertThat(texts(page.get("events"), "event_type"))
        .containsExactly("task_completed", "task_failed");
    assertThat(me.get(canonical + path).expect(200).json().get("events"))
        .isEqualTo(page.get("events"));
    assertThat(
            texts(
                me.get("/my" + path + "?event_type=task_failed").json().get("events"),
                "event_type"))
        .containsExactly("task_failed");
    JsonNode first = me.get("/my" + path + "?limit=1").json();
    assertThat(
            texts(
                me.get("/my" + path + "?limit=1&cursor=" + first.get("next_cursor").asString())
                    .json()
                    .get("events"),
                "event_type"))
        .containsExactly("task_failed");
    me.get("/my" + path + "?event_type=zoo").expect(400);
    me.get("/my" + path + "?zoo=1").expect(400);
    for (String missing : List.of(UUID.randomUUID().toString(), "x")) {
      assertThat(
              me.get("/my/analytics/sessions/" + missing + "/events")
                  .expect(404)
                  .json()
                  .get("detail")
                  .asString())
          .isEqualTo("Session not found");
    }
    world.user().get("/my" + path).expect(404);
  }

  @Test
  void usage_is_summed_by_day_project_agent_and_model() {
    answer(
        "2026-01-01T10:00:00Z",
        "openai",
        "m1",
        "{\"calls\": 2, \"tokens_in\": 10, \"tokens_out\": 5, \"tokens_cached\": 1, \"cost_usd\": 0.01}");
    answer(
        "2026-01-01T23:59:59Z",
        "openai",
        "m2",
        "{\"calls\": 1, \"tokens_in\": 3, \"tokens_out\": 4, \"tokens_cached\": 0, \"cost_usd\": null}");
    answer(
        "2026-01-02T00:00:00Z",
        "openai",
        "m1",
        "{\"calls\": 1, \"tokens_in\": 1, \"tokens_out\": 1, \"tokens_cached\": 0, \"cost_usd\": 0.02}");

    JsonNode days =
        json(
            """
            {"usage": [
             {"key": "2026-01-01", "calls": 3, "tokens_in": 13, "tokens_out": 9, "tokens_cached": 1,
              "cost_usd": 0.01, "unpriced_calls": 1},
             {"key": "2026-01-02", "calls": 1, "tokens_in": 1, "tokens_out": 1, "tokens_cached": 0,
              "cost_usd": 0.02, "unpriced_calls": 0}]}
            """);
    assertThat(me.get("/my/usage").expect(200).json()).isEqualTo(days);
    assertThat(me.get(canonical + "/usage?group_by=day").expect(200).json()).isEqualTo(days);
    assertThat(keys("group_by=model")).containsExactly("openai/m1 3", "openai/m2 1");
    assertThat(keys("group_by=agent")).containsExactly(ask + " 4");
    assertThat(keys("group_by=project")).containsExactly(project + " 4");
    assertThat(keys("from=2026-01-02")).containsExactly("2026-01-02 1");
    assertThat(keys("to=2026-01-02T00:00:00Z")).containsExactly("2026-01-01 3");
    assertThat(
            me.get("/my/usage?group_by=model").json().get("usage").get(1).get("cost_usd").isNull())
        .isTrue();
    assertThat(world.user().get("/my/usage").json().get("usage")).isEmpty();

    String empty = me.post("/my/projects", "{\"name\": \"Empty\"}").json().get("id").asString();
    assertThat(me.get("/my/projects/" + empty + "/usage").json().get("usage")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"group_by=user", "from=x", "to=2026-13-01"})
  void usage_refuses_what_it_does_not_know(String query) {
    me.get("/my/usage?" + query).expect(400);
    me.get(canonical + "/usage?" + query).expect(400);
  }

  @Accepts("X-14")
  @Test
  void a_failed_event_is_tried_again_once_by_its_owner() {
    EventId event = append(completed(1));
    String path = "/analytics/events/" + event + "/reprocess";
    assertThat(me.post("/my" + path, null).expect(409).reason()).isEqualTo("state");
    fail(event, false);
    assertThat(me.post("/my" + path, null).expect(409).reason()).isEqualTo("state");
    fail(event, true);
    world.user().post("/my" + path, null).expect(404);

    Client keyed = me.with("Idempotency-Key", "again");
    Answer first = keyed.post(canonical + path, null).expect(200);

    assertThat(first.json())
        .isEqualTo(json("{\"event_id\": \"%s\", \"status\": \"pending\"}".formatted(event)));
    assertThat(keyed.post(canonical + path, null).expect(200).json()).isEqualTo(first.json());
    me.post(canonical + path, null).expect(409);
    assertThat(me.get("/my/analytics").json().get("events_by_status").get("pending").intValue())
        .isEqualTo(1);
    for (String missing : List.of(UUID.randomUUID().toString(), "x")) {
      me.post("/my/analytics/events/" + missing + "/reprocess", null).expect(404);
    }
    String elsewhere = me.post("/my/projects", "{\"name\": \"E\"}").json().get("id").asString();
    fail(event, true);
    me.post("/my/projects/" + elsewhere + path, null).expect(404);
  }

  @Accepts("X-14")
  @Test
  void an_admin_may_try_anyones_failed_event_again_and_nobody_else_may() {
    EventId event = append(completed(1));
    fail(event, true);
    String path = "/admin/events/" + event + "/reprocess";

    world.stranger().post(path, null).expect(401);
    me.post(path, null).expect(403);
    Client admin = world.admin();
    admin.post(path, null).expect(200);
    admin.post(path, null).expect(409);
    admin.post("/admin/events/" + UUID.randomUUID() + "/reprocess", null).expect(404);
    assertThat(me.get("/my/analytics").json().get("events_by_status").get("pending").intValue())
        .isEqualTo(1);
  }

  private Event.TaskCompleted completed(int ms) {
    return new Event.TaskCompleted(
        new TaskId(UUID.randomUUID()),
        ask,
        "Ask",
        TaskStatus.COMPLETED,
        null,
        "",
        BigDecimal.ONE,
        ms);
  }

  private EventId append(Event.Logged event) {
    return append(null, event);
  }

  private void inSession(Event.Logged event) {
    append(session, event);
  }

  private EventId append(@Nullable SessionId in, Event.Logged event) {
    var log = world.door(EventLog.class);
    return db.as(
        me.user(), (Tx tx) -> log.append(tx, me.user(), Draft.in(project, in, event).by(ask)));
  }

  private void fail(EventId event, boolean forGood) {
    db.does(
        me.user(),
        tx ->
            tx.sql(
                    """
                    insert into event_failures (user_id, event_id, attempts, next_retry_at, last_error)
                    values (:u, :e, 5, case when :f then null else timestamptz '2099-01-01' end, 'x')
                    on conflict (user_id, event_id) do update set next_retry_at = excluded.next_retry_at
                    """)
                .param("u", me.user().value())
                .param("e", event.value())
                .param("f", forGood)
                .update());
  }

  private void answer(String at, String provider, String model, String usage) {
    db.does(
        me.user(),
        tx ->
            tx.sql(
                    """
                    insert into messages (id, user_id, project_id, session_id, ordinal, role, content,
                                          status, agent_id, provider, model, usage, created_at)
                    select gen_random_uuid(), :u, :p, :s, coalesce(max(ordinal), 0) + 1, 'assistant',
                           'text', 'done', :a, :pr, :mo, cast(:us as jsonb), cast(:at as timestamptz)
                      from messages where user_id = :u and session_id = :s
                    """)
                .param("u", me.user().value())
                .param("p", project.value())
                .param("s", session.value())
                .param("a", ask.value())
                .param("pr", provider)
                .param("mo", model)
                .param("us", usage)
                .param("at", at)
                .update());
  }

  private List<String> keys(String query) {
    return StreamSupport.stream(
            me.get("/my/usage?" + query).expect(200).json().get("usage").spliterator(), false)
        .map(row -> row.get("key").asString() + " " + row.get("calls").asString())
        .toList();
  }

  private static List<String> texts(JsonNode array, String field) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(one -> one.get(field).asString())
        .toList();
  }

  private static JsonNode json(String text) {
    return WireCodec.json().readTree(text);
  }
}
