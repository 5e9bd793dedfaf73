package dev.artel.agent;

import dev.artel.db.Db;
import dev.artel.protocol.UserId;
import dev.artel.testing.Answer;
import dev.artel.testing.Client;
import dev.artel.testing.OwnDatabase;
import dev.artel.testing.ProviderWire;
import dev.artel.testing.Reply;
import dev.artel.testing.ScriptedProviderServer;
import dev.artel.testing.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;

/// A service whose only model is a scripted one, with a database of its own, so that no other
/// process looks after its agents.
final class AgentWorld implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  final ScriptedProviderServer model;
  World world;

  private final Map<String, String> more;

  private AgentWorld(ScriptedProviderServer model, Map<String, String> more) {
    this.model = model;
    this.more = more;
    this.world = serve();
  }

  static AgentWorld start() {
    return start(Map.of());
  }

  /// @param more settings beside those that name the model
  static AgentWorld start(Map<String, String> more) {
    try {
      var model = ScriptedProviderServer.start(ProviderWire.OPENAI, "test-key");
      model.always(request -> Reply.of("re: " + request.lastText()));
      return new AgentWorld(model, more);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private World serve() {
    var settings = new HashMap<>(more);
    settings.put("ARTEL_OPENAI_BASE_URL", model.url().toString());
    settings.put("ARTEL_OPENAI_API_KEY", "test-key");
    settings.put("ARTEL_DEFAULT_MODEL", "openai/test-model");
    settings.put("ARTEL_MODEL_MAX_TRIES", "1");
    return World.start(OwnDatabase.settings(), settings);
  }

  /// Ends the service and starts it again over the same data.
  void restart() {
    world.close();
    world = serve();
  }

  Watch watch() {
    return world.door(Watch.class);
  }

  Db db() {
    return OwnDatabase.db();
  }

  Member member(String agent) {
    return member(world.user(), agent);
  }

  Member member(Client me, String agent) {
    Answer made = me.post("/my/chat/sessions/", Map.of()).expect(201);
    return new Member(this, me, made.json().get("id").asString(), agent);
  }

  /// One user's agent, spoken to in one session.
  record Member(AgentWorld world, Client me, String session, String agent) {
    Answer say(String content) {
      return me.post(
          "/my/chat/" + session + "/message/", Map.of("content", content, "target_agent", agent));
    }

    /// Says it without waiting for an answer.
    void drop(String content) {
      new Member(world, me.with("Prefer", "respond-async"), session, agent)
          .say(content)
          .expect(202);
    }

    JsonNode status() {
      return me.get("/my/agents/" + agent + "/status").expect(200).json();
    }

    void awaitStatus(String status) {
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> status().get("status").asString().equals(status));
    }

    List<JsonNode> messages() {
      return list(me.get("/my/chat/sessions/" + session + "/messages/"), "messages");
    }

    /// Every change of the agent's status so far: from, to, why and in which session.
    List<String> turns() {
      return list(me.get("/my/events?event_type=agent_status_changed&limit=100"), "events").stream()
          .sorted(java.util.Comparator.comparingLong(e -> e.get("project_seq").asLong()))
          .map(event ->
              "%s>%s %s %s"
                  .formatted(
                      event.get("payload").get("old_status").asString(),
                      event.get("payload").get("new_status").asString(),
                      event.get("payload").get("reason").asString(),
                      event.get("session_id").isNull() ? "-" : "session"))
          .toList();
    }

    /// Lets the time until the next attempt pass.
    void recoveryDue() {
      UserId user = me.user();
      world
          .db()
          .does(
              user,
              tx ->
                  tx.sql(
                          "update user_agents set recover_at = artel_now() where user_id = :u and status = 'error'")
                      .param("u", user.value())
                      .update());
    }

    int failures() {
      return world
          .db()
          .read(
              me.user(),
              tx ->
                  tx.sql("select failures from user_agents where user_id = :u and name = :name")
                      .param("u", me.user().value())
                      .param("name", agent)
                      .query(Integer.class)
                      .single());
    }

    private static List<JsonNode> list(Answer answer, String name) {
      return StreamSupport.stream(answer.expect(200).json().get(name).spliterator(), false)
          .toList();
    }
  }

  @Override
  public void close() throws IOException {
    world.close();
    model.close();
  }
}
