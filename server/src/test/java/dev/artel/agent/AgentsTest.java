package dev.artel.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.artel.acceptance.Accepts;
import dev.artel.base.Fault;
import dev.artel.db.Db;
import dev.artel.event.EventHistory;
import dev.artel.event.EventItem;
import dev.artel.event.EventQuery;
import dev.artel.http.Idempotency;
import dev.artel.http.IfMatch;
import dev.artel.http.Paging;
import dev.artel.project.Projects;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.AgentStatus;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.ToolName;
import dev.artel.protocol.UserId;
import dev.artel.testing.TestDatabase;
import dev.artel.testing.World;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;

final class AgentsTest {
  private final World world = World.shared();
  private final Db db = world.door(Db.class);
  private final Agents agents = world.door(Agents.class);
  private final EventHistory history = world.door(EventHistory.class);
  private final UserId user = TestDatabase.newUser();
  private final ProjectId project = world.door(Projects.class).defaultOf(user);

  @Test
  void a_running_task_keeps_the_configuration_of_its_version() {
    Agent before = agents.get(user, project, "Ask");
    assertThat(running(before.id(), 1)).isEqualTo(before.config());
    assertThat(agents.isCached(user, project, before.id())).isTrue();

    Agent after = agents.replace(user, project, "Ask", "Asked", changed(before), IfMatch.ANY);

    assertThat(agents.isCached(user, project, before.id())).isFalse();
    assertThat(running(before.id(), 2)).isEqualTo(after.config());
    assertThat(running(before.id(), 1)).isEqualTo(before.config());
    assertThat(running(before.id(), 2)).isEqualTo(after.config());
    assertThat(agents.running(user, project, before.id(), 3)).isEmpty();
    assertThat(agents.running(TestDatabase.newUser(), project, before.id(), 1)).isEmpty();
  }

  @Test
  void a_change_that_is_rolled_back_leaves_the_cache_and_the_agent() {
    Agent before = agents.get(user, project, "Ask");
    assertThat(running(before.id(), 1)).isEqualTo(before.config());

    assertThatThrownBy(
            () -> agents.replace(user, project, "Ask", "Code", changed(before), IfMatch.ANY))
        .isInstanceOf(Fault.class);

    assertThat(agents.isCached(user, project, before.id())).isTrue();
    assertThat(agents.get(user, project, "Ask")).isEqualTo(before);
  }

  @Test
  void a_deleted_project_leaves_no_cached_configuration() {
    Agent ask = agents.get(user, project, "Ask");
    assertThat(running(ask.id(), 1)).isEqualTo(ask.config());

    world.door(Projects.class).delete(user, project, IfMatch.ANY);

    assertThat(agents.isCached(user, project, ask.id())).isFalse();
  }

  @Accepts("S7.4")
  @Test
  void stored_configurations_that_lack_fields_are_read_with_defaults() {
    AgentId ask = agents.get(user, project, "Ask").id();
    db.does(
        user,
        tx ->
            tx.sql(
                    """
                    update user_agents
                       set config = '{"system_prompt": "S", "temperature": 99, "metadata": {"role": "king"}}'
                     where user_id = :u and id = :id
                    """)
                .param("u", user.value())
                .param("id", ask.value())
                .update());

    assertThat(agents.get(user, project, "Ask").config())
        .isEqualTo(
            new AgentConfig(
                "S",
                AgentConfig.MODEL_DEFAULT,
                List.of(),
                3,
                0.7,
                4096,
                new AgentMetadata(
                    dev.artel.protocol.AgentRole.CUSTOM,
                    List.of(),
                    null,
                    null,
                    null,
                    1_000_000,
                    null,
                    null,
                    Map.of()),
                null));
  }

  @Test
  void an_agent_is_busy_while_a_task_runs_and_tells_each_turn_once() {
    AgentId ask = agents.get(user, project, "Ask").id();
    SessionId session = session();
    UUID first = task(ask, session);
    UUID second = task(ask, session);

    db.does(user, tx -> agents.busy(tx, user, ask, session));
    db.does(user, tx -> agents.busy(tx, user, ask, session));
    assertThat(status()).isEqualTo(AgentStatus.BUSY);
    end(first, ask, session);
    assertThat(status()).isEqualTo(AgentStatus.BUSY);
    end(second, ask, session);
    assertThat(status()).isEqualTo(AgentStatus.READY);
    db.does(user, tx -> agents.idle(tx, user, ask, session));

    assertThat(events("agent_status_changed"))
        .extracting(e ->
            e.payload().get("old_status")
                + ">"
                + e.payload().get("new_status")
                + " "
                + e.payload().get("reason")
                + " "
                + e.sessionId())
        .containsExactly("ready>busy task " + session, "busy>ready task " + session);
  }

  @Test
  void whatever_begins_and_ends_at_once_the_status_follows_the_tasks() throws Exception {
    AgentId ask = agents.get(user, project, "Ask").id();
    SessionId session = session();
    UUID running = task(ask, session);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var done = new java.util.ArrayList<java.util.concurrent.Future<?>>();
      for (int i = 0; i < 8; i++) {
        done.add(
            threads.submit(() -> {
              for (int n = 0; n < 5; n++) {
                UUID own = UUID.randomUUID();
                db.does(
                    user,
                    tx -> {
                      insertTask(tx, own, ask, session);
                      agents.busy(tx, user, ask, session);
                    });
                end(own, ask, session);
              }
            }));
      }
      for (var one : done) {
        one.get();
      }
    }
    assertThat(status()).isEqualTo(AgentStatus.BUSY);
    end(running, ask, session);
    assertThat(status()).isEqualTo(AgentStatus.READY);
    var turns = events("agent_status_changed");
    for (int i = 0; i < turns.size(); i++) {
      assertThat(turns.get(i).payload().get("new_status")).isEqualTo(i % 2 == 0 ? "busy" : "ready");
    }
  }

  @Test
  void deleting_an_agent_ends_its_work_and_keeps_its_words_under_its_name() {
    AgentId ask = agents.get(user, project, "Ask").id();
    SessionId session = session();
    UUID task = task(ask, session);
    UUID question = message(session, 1, "user", "processing", null, null);
    UUID answer = message(session, 2, "assistant", "done", ask, "{\"kept\": 1}");
    UUID list = message(session, 3, "assistant", "done", ask, "[1]");
    message(session, 4, "assistant", "done", ask, null);
    db.does(
        user,
        tx ->
            tx.sql("update tasks set message_id = :m where user_id = :u and id = :t")
                .param("m", question)
                .param("u", user.value())
                .param("t", task)
                .update());

    agents.delete(user, project, "ask", IfMatch.ANY);

    assertThat(
            rows(
                "select status || ' ' || coalesce(agent_id::text, '-') || ' ' || coalesce(agent_name, '-') || ' ' || coalesce(payload::text, '-')"
                    + " from messages where user_id = :u order by ordinal"))
        .containsExactly(
            "cancelled - - -",
            "done - Ask {\"kept\": 1, \"agent_name\": \"Ask\"}",
            "done - Ask [1]",
            "done - Ask {\"agent_name\": \"Ask\"}");
    assertThat(rows("select id::text from tasks where user_id = :u")).isEmpty();
    assertThat(
            rows(
                "select version::text from agent_versions where user_id = :u and agent_id = '"
                    + ask
                    + "'"))
        .isEmpty();
    assertThat(events("task_cancelled", "message_updated", "agent_deleted"))
        .extracting(e -> e.eventType() + " " + e.aggregate(answer, list, question))
        .containsExactly("task_cancelled -", "message_updated question", "agent_deleted -");
  }

  @Test
  void a_target_may_be_written_in_many_ways_and_a_miss_suggests_the_nearest() {
    Agent ask = agents.get(user, project, "Ask");
    for (String address : List.of("Ask", "@ask", "ASK", ask.id().toString(), ask.readableId())) {
      assertThat(target(address)).isEqualTo(ask);
    }

    assertThat(suggestions("Aks")).containsExactly("Ask");
    assertThat(suggestions("@debgu")).containsExactly("Debug");
    assertThat(suggestions("arch")).startsWith("Architect");
    assertThat(suggestions("completely-else")).isEmpty();
    assertThat(suggestions(UUID.randomUUID().toString())).isEmpty();
    assertThat(suggestions("")).isEmpty();
    assertThat(suggestions("\0")).isEmpty();
  }

  @Test
  void a_name_that_nobody_has_comes_back_with_the_way_to_the_names_there_are_but_an_id_does_not() {
    assertThat(refusal("@Aks")).isEqualTo("Agent not found: Aks");
    assertThat(refusal("Zed"))
        .isEqualTo("Agent not found: Zed; GET /my/projects/%s/agents lists the agents", project);
    assertThat(refusal(UUID.randomUUID().toString())).isEqualTo("Agent not found");
    assertThat(refusal("user" + UUID.randomUUID() + "_Ask_v1")).isEqualTo("Agent not found");
  }

  @Test
  void without_a_target_the_ask_agent_answers_else_the_oldest_that_does_not_orchestrate() {
    assertThat(answering().orElseThrow().name()).isEqualTo("Ask");
    agents.delete(user, project, "Ask", IfMatch.ANY);
    assertThat(answering().orElseThrow().name()).isEqualTo("Architect");
    for (String name : List.of("Architect", "Debug", "Code")) {
      agents.delete(user, project, name, IfMatch.ANY);
    }
    assertThat(answering()).isEmpty();
    assertThat(agents.orchestrator(user, project).orElseThrow().name()).isEqualTo("Orchestrator");
  }

  @Test
  void roles_decide_what_tools_do_unless_the_policy_says_otherwise() {
    assertThat(agents.get(user, project, "Architect").config().offeredTools())
        .containsExactly(
            ToolName.READ_FILE,
            ToolName.WRITE_FILE,
            ToolName.EDIT_FILE,
            ToolName.LIST_DIRECTORY,
            ToolName.SEARCH_FILES);
    ToolPolicy architect = agents.get(user, project, "Architect").config().policy();
    assertThat(List.of("docs/a.md", "b.MDX", "a.java", "md"))
        .filteredOn(architect::allowsWriting)
        .containsExactly("docs/a.md", "b.MDX");
    assertThat(agents.get(user, project, "Orchestrator").config().offeredTools()).isEmpty();
    assertThat(agents.get(user, project, "Ask").config().offeredTools())
        .containsExactly(ToolName.READ_FILE, ToolName.LIST_DIRECTORY, ToolName.SEARCH_FILES);
    assertThat(agents.get(user, project, "Code").config().offeredTools())
        .containsExactly(ToolName.values());
  }

  @Test
  void agents_of_a_project_that_goes_meanwhile_are_not_made() {
    world.door(Projects.class).delete(user, project, IfMatch.ANY);

    assertThatThrownBy(() ->
            agents.create(
                user,
                project,
                "Late",
                StarterTeams.of(dev.artel.project.StarterPack.ASSISTANTS).getFirst().config(),
                Idempotency.none()))
        .isInstanceOf(Fault.class)
        .hasMessage("Project not found");
  }

  private Agent target(String address) {
    return TestDatabase.db().read(user, tx -> agents.target(tx, user, project, address));
  }

  private Optional<Agent> answering() {
    return TestDatabase.db().read(user, tx -> agents.answering(tx, user, project));
  }

  @Test
  @Accepts("S3.2")
  void the_database_itself_knows_states_names_and_that_names_are_one() {
    AgentId ask = agents.get(user, project, "Ask").id();
    for (String change :
        List.of(
            "status = 'zoo'",
            "status = null",
            "name = repeat('x', 101)",
            "name_key = 'code'",
            "config = null",
            "project_id = gen_random_uuid()")) {
      assertThatThrownBy(() ->
              db.does(
                  user,
                  tx ->
                      tx.sql(
                              "update user_agents set %s where user_id = :u and id = :id"
                                  .formatted(change))
                          .param("u", user.value())
                          .param("id", ask.value())
                          .update()))
          .as(change)
          .isInstanceOf(DataIntegrityViolationException.class);
    }
  }

  private String refusal(String address) {
    return catchThrowableOfType(Fault.class, () -> target(address)).message();
  }

  private List<String> suggestions(String address) {
    try {
      throw new AssertionError(target(address));
    } catch (Fault fault) {
      assertThat(fault.message()).startsWith("Agent not found");
      return ((List<?>) fault.metadata().getOrDefault("suggestions", List.of()))
          .stream().map(String::valueOf).toList();
    }
  }

  private AgentConfig running(AgentId agent, int version) {
    return agents.running(user, project, agent, version).orElseThrow().config();
  }

  private static AgentConfig changed(Agent agent) {
    AgentConfig c = agent.config();
    return new AgentConfig(
        "Else.", c.model(), c.tools(), 1, c.temperature(), c.maxTokens(), c.metadata(), null);
  }

  private AgentStatus status() {
    return agents.get(user, project, "Ask").status();
  }

  private record Told(
      String eventType,
      Map<String, Object> payload,
      @org.jspecify.annotations.Nullable SessionId sessionId) {
    String aggregate(UUID answer, UUID list, UUID question) {
      Object id = payload.get("message_id");
      return question.toString().equals(id)
          ? "question"
          : answer.toString().equals(id) || list.toString().equals(id) ? "answer" : "-";
    }
  }

  private List<Told> events(String... types) {
    return history
        .page(
            user,
            project,
            new EventQuery(List.of(types), null, null, null, null, null, null, true),
            new Paging(100, 0, null, null, false))
        .items()
        .stream()
        .map((EventItem e) -> new Told(e.eventType(), e.payload(), e.sessionId()))
        .toList();
  }

  private List<String> rows(String sql) {
    return db.read(user, tx -> tx.sql(sql).param("u", user.value()).query(String.class).list());
  }

  private SessionId session() {
    var session = new SessionId(UUID.randomUUID());
    db.does(
        user,
        tx ->
            tx.sql("insert into chat_sessions (id, user_id, project_id) values (:id, :u, :p)")
                .param("id", session.value())
                .param("u", user.value())
                .param("p", project.value())
                .update());
    return session;
  }

  private UUID task(AgentId agent, SessionId session) {
    UUID id = UUID.randomUUID();
    db.does(user, tx -> insertTask(tx, id, agent, session));
    return id;
  }

  private void insertTask(dev.artel.db.Tx tx, UUID id, AgentId agent, SessionId session) {
    tx.sql(
            """
            insert into tasks (id, user_id, project_id, session_id, agent_id, agent_version, kind,
                               status, position, lease_owner, lease_until)
            values (:id, :u, :p, :s, :a, 1, 'message', 'running', 1, :id, 'infinity')
            """)
        .param("id", id)
        .param("u", user.value())
        .param("p", project.value())
        .param("s", session.value())
        .param("a", agent.value())
        .update();
  }

  private void end(UUID task, AgentId agent, SessionId session) {
    db.does(
        user,
        tx -> {
          tx.sql(
                  """
                  update tasks set status = 'completed', lease_owner = null, lease_until = null
                   where user_id = :u and id = :id
                  """)
              .param("u", user.value())
              .param("id", task)
              .update();
          agents.idle(tx, user, agent, session);
        });
  }

  private UUID message(
      SessionId session,
      int ordinal,
      String role,
      String status,
      @org.jspecify.annotations.Nullable AgentId agent,
      @org.jspecify.annotations.Nullable String payload) {
    UUID id = UUID.randomUUID();
    db.does(
        user,
        tx ->
            tx.sql(
                    """
                    insert into messages (id, user_id, project_id, session_id, ordinal, role, content,
                                          status, agent_id, payload)
                    values (:id, :u, :p, :s, :o, :r, 'text', :st, :a, cast(:pl as jsonb))
                    """)
                .param("id", id)
                .param("u", user.value())
                .param("p", project.value())
                .param("s", session.value())
                .param("o", ordinal)
                .param("r", role)
                .param("st", status)
                .param("a", agent == null ? null : agent.value())
                .param("pl", payload)
                .update());
    return id;
  }
}
