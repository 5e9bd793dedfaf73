package dev.artel.isolation;

import static dev.artel.isolation.Row.on;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// One row for every route below `/my`. A route without a row fails the build, and so does a row
/// without a route.
final class Rows {
  private Rows() {}

  /// Routes that show nothing of anyone: the documentation.
  static final List<String> OPEN = List.of("GET /my/docs", "GET /my/openapi.json");

  static final Map<String, Row> ALL = new LinkedHashMap<>();

  static {
    for (Row row :
        List.of(
            on("GET /my/me"),
            on("GET /my/models"),
            on("GET /my/projects"),
            on("POST /my/projects").body(own -> Map.of("name", "another of " + own.mark())),
            on("GET /my/projects/{project_id}"),
            on("PUT /my/projects/{project_id}").body(Map.of("workspace_path", "/w")),
            on("DELETE /my/projects/{project_id}"),
            on("GET /my/agents").foreignQuery("agent_id", "agent_id"),
            on("POST /my/agents")
                .body(own -> Map.of("name", "x" + own.mark(), "config", Estate.CONFIG)),
            on("GET /my/agents/{agent_id}"),
            on("PUT /my/agents/{agent_id}")
                .body(own -> Map.of("name", own.mark(), "config", Estate.CONFIG)),
            on("PATCH /my/agents/{agent_id}")
                .body(Map.of("config", Map.of("system_prompt", "Answer at length."))),
            on("DELETE /my/agents/{agent_id}"),
            on("GET /my/agents/{agent_id}/versions"),
            on("GET /my/agents/{agent_id}/versions/{version}"),
            on("POST /my/agents/{agent_id}/versions/{version}/restore"),
            on("GET /my/agents/{agent_id}/status"),
            on("GET /my/agents/{agent_id}/metrics"),
            on("GET /my/agents/{agent_id}/metrics/history"),
            on("GET /my/agents/available/{session_id}"),
            on("GET /my/queues"),
            on("GET /my/workspace"),
            on("GET /my/tasks")
                .foreignQuery("session_id", "session_id")
                .foreignQuery("agent_id", "agent_id"),
            on("GET /my/tasks/{task_id}"),
            on("POST /my/tasks/{task_id}/cancel").body(Map.of()),
            on("POST /my/tasks/{task_id}/retry").body(Map.of()),
            on("GET /my/orchestrator/config"),
            on("PUT /my/orchestrator/config").body(Map.of("max_parallel_agents", 2)),
            on("PUT /my/orchestrators").body(Map.of("max_parallel_agents", 2)),
            on("GET /my/events")
                .streams()
                .foreignQuery("agent_id", "agent_id")
                .foreignQuery("cursor", "event_id"),
            on("GET /my/events/{event_id}"),
            on("GET /my/analytics"),
            on("GET /my/analytics/sessions/{session_id}/events"),
            on("POST /my/analytics/events/{event_id}/reprocess"),
            on("GET /my/tasks/{task_id}/steps"),
            on("GET /my/tasks/{task_id}/steps/{step}"),
            on("GET /my/tasks/{task_id}/events"),
            on("GET /my/usage"),
            on("GET /my/search?q=mark").foreignQuery("q=mark&project_id", "project_id"),
            on("GET /my/chat/search?q=mark").foreignQuery("q=mark&session_id", "session_id"),
            on("GET /my/chat/stats"),
            on("GET /my/chat/sessions"),
            on("POST /my/chat/sessions").body(own -> Map.of("title", own.mark())),
            on("GET /my/chat/sessions/{session_id}"),
            on("GET /my/chat/{session_id}"),
            on("PATCH /my/chat/sessions/{session_id}").body(Map.of("pinned", true)),
            on("POST /my/chat/sessions/{session_id}/fork")
                .body(Map.of())
                .foreignBody(other -> Map.of("message_id", id(other, "message_id"))),
            on("DELETE /my/chat/sessions/{session_id}"),
            on("GET /my/chat/sessions/{session_id}/messages").foreignQuery("cursor", "message_id"),
            on("GET /my/chat/{session_id}/messages").foreignQuery("cursor", "message_id"),
            on("GET /my/chat/{session_id}/messages/{message_id}"),
            on("POST /my/chat/{session_id}/message")
                .body(own -> Map.of("content", own.mark()))
                .foreignBody(other -> Map.of("content", "x", "target_agent", id(other, "agent_id")))
                .foreignBody(other -> Map.of("content", "x", "target_agent", other.mark())),
            on("POST /my/chat/{session_id}/messages/{message_id}/edit")
                .body(own -> Map.of("content", own.mark()))
                .foreignBody(
                    other -> Map.of("content", "x", "target_agent", id(other, "agent_id"))),
            on("POST /my/chat/{session_id}/messages/{message_id}/retry")
                .body(Map.of())
                .foreignBody(other -> Map.of("target_agent", id(other, "agent_id"))),
            on("PATCH /my/chat/{session_id}/messages/{message_id}").body(Map.of("content", "x")),
            on("DELETE /my/chat/{session_id}/messages/{message_id}"),
            on("POST /my/chat/{session_id}/stop")
                .body(Map.of())
                .foreignBody(other -> Map.of("message_id", id(other, "message_id"))),
            on("GET /my/chat/{session_id}/events").streams())) {
      ALL.put(row.route().replaceAll("\\?.*", ""), row);
    }
  }

  private static String id(Estate estate, String name) {
    return Objects.requireNonNull(estate.ids().get(name), name);
  }
}
