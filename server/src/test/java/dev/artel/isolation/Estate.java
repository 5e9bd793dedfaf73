package dev.artel.isolation;

import dev.artel.protocol.UserId;
import dev.artel.testing.Answer;
import dev.artel.testing.Client;
import dev.artel.testing.TestDatabase;
import dev.artel.testing.World;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// What one user owns: one of everything, known by the name that routes give it. Whatever the user
/// wrote carries a mark, by which it is recognised wherever it should not be.
///
/// @param ids of the resources, by the name of the path variable that stands for them
record Estate(Client client, String mark, Map<String, String> ids) {
  /// Makes a user with an estate in their default project, which flat paths stand for.
  static Estate of(World world) {
    Client client = world.user();
    String mark = "mark" + UUID.randomUUID().toString().replace("-", "");
    var ids = new LinkedHashMap<String, String>();
    JsonNode agent =
        client.post("/my/agents", Map.of("name", mark, "config", CONFIG)).expect(201).json();
    ids.put("agent_id", agent.path("id").asString());
    ids.put(
        "project_id",
        client.get("/my/me").expect(200).json().path("default_project_id").asString());
    ids.put("version", "1");
    String session =
        client
            .post("/my/chat/sessions", Map.of("title", mark))
            .expect(201)
            .json()
            .path("id")
            .asString();
    ids.put("session_id", session);
    client.post("/my/chat/%s/message".formatted(session), Map.of("content", mark)).expect(200);
    JsonNode question = question(client.get("/my/chat/%s/messages".formatted(session)));
    ids.put("message_id", question.path("id").asString());
    ids.put("task_id", question.path("task_id").asString());
    ids.put("step", "1");
    ids.put(
        "event_id",
        first(client.get("/my/events?limit=1").expect(200), "events").path("id").asString());
    return new Estate(client, mark, ids);
  }

  static final Map<String, Object> CONFIG =
      Map.of("model", "demo/demo", "system_prompt", "Answer shortly.");

  private static JsonNode question(Answer messages) {
    for (JsonNode message : messages.expect(200).json().path("messages")) {
      if (message.path("role").asString().equals("user")) {
        return message;
      }
    }
    throw new AssertionError("no question in " + messages.body());
  }

  private static JsonNode first(Answer list, String name) {
    return list.json().path(name).path(0);
  }

  UserId user() {
    return client.user();
  }

  /// Everything by which something of this estate is recognised in a text.
  Set<String> marks() {
    var marks = new HashSet<>(ids.values());
    // Numbers that everybody has.
    marks.remove(ids.get("version"));
    marks.remove(ids.get("step"));
    marks.add(mark);
    marks.add(user().toString());
    return marks;
  }

  /// A digest of every row of this user, in every table that has rows of users.
  Map<String, String> digest() {
    var digest = new LinkedHashMap<String, String>();
    for (String table : TenantTables.names()) {
      // The clock of a limit or a lease may move; what users own may not.
      List<String> one =
          TestDatabase.db()
              .read(
                  user(),
                  tx ->
                      tx.sql(
                              """
                              select md5(coalesce(string_agg(t::text, '|' order by t::text), ''))
                                from %s t where %s = :user
                              """
                                  .formatted(table, TenantTables.userColumn(table)))
                          .param("user", user().value())
                          .query(String.class)
                          .list());
      digest.put(table, one.getFirst());
    }
    digest.remove("idempotency_keys");
    digest.remove("agent_checks");
    return digest;
  }
}
