package dev.artel.agent;

import dev.artel.base.Fault;
import dev.artel.http.ErrorResponse;
import dev.artel.http.Idempotency;
import dev.artel.http.IfMatch;
import dev.artel.http.ListFields;
import dev.artel.http.Listing;
import dev.artel.http.Paging;
import dev.artel.http.ProjectScope;
import dev.artel.http.RowVersion;
import dev.artel.protocol.IdText;
import dev.artel.protocol.SessionId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// What agents were, and who may be addressed in a session, over HTTP.
@Tag(name = "Agents")
@RestController
@RequestMapping(
    path = {"/my/projects/{project_id}/agents", "/my/agents"},
    produces = MediaType.APPLICATION_JSON_VALUE)
class VersionRoutes {
  private final Agents agents;
  private final AgentView view;

  VersionRoutes(Agents agents, AgentView view) {
    this.agents = agents;
    this.view = view;
  }

  @Schema(name = "AgentVersion")
  record VersionResponse(
      @Schema(minimum = "1", example = "2") int version,
      @Schema(example = "Reviewer") String name,
      AgentConfig config,
      @Schema(
              description = "The fields that this version changed; empty for the first.",
              example = "[\"name\", \"metadata.role\"]")
          List<String> changed,
      Instant createdAt) {

    static VersionResponse of(VersionChange change) {
      AgentVersion version = change.version();
      return new VersionResponse(
          version.version(),
          version.name(),
          version.config(),
          change.changed(),
          version.createdAt());
    }
  }

  @Schema(name = "AgentVersionList", allOf = ListFields.class)
  record VersionList(List<VersionResponse> versions) {}

  @Schema(name = "AvailableAgents")
  record Available(List<AgentResponse> agents, long total) {}

  @Operation(operationId = "listAgentVersions", summary = "List an agent's versions, newest first")
  @ApiResponse(
      responseCode = "200",
      description = "A page of versions.",
      content = @Content(schema = @Schema(implementation = VersionList.class)))
  @ApiResponse(
      responseCode = "400",
      description = "Bad paging, filter or order.",
      content = @Content(schema = @Schema(implementation = ErrorResponse.class)))
  @ApiResponse(
      responseCode = "404",
      description = "No such agent in this project.",
      content = @Content(schema = @Schema(implementation = ErrorResponse.class)))
  @GetMapping("/{agent_id}/versions")
  Map<String, Object> list(
      @Parameter(hidden = true) ProjectScope scope,
      @Parameter(description = AgentRoutes.ADDRESS) @PathVariable("agent_id") String address,
      @Parameter(hidden = true) Paging paging,
      HttpServletRequest request) {
    var page = agents.versions(scope.user(), scope.project(), address, paging);
    return Listing.of(
        request,
        "versions",
        page.items().stream().map(VersionResponse::of).toList(),
        page.total(),
        paging);
  }

  @Operation(operationId = "getAgentVersion", summary = "Show one version of an agent")
  @ApiResponse(
      responseCode = "200",
      description = "The version.",
      content = @Content(schema = @Schema(implementation = VersionResponse.class)))
  @ApiResponse(
      responseCode = "404",
      description = "No such agent or version.",
      content =
          @Content(
              schema = @Schema(implementation = ErrorResponse.class),
              examples =
                  @ExampleObject(
                      """
                      {"detail": "Version not found", "error_code": "NOT_FOUND",
                       "timestamp": "2026-01-31T12:00:00Z"}
                      """)))
  @GetMapping("/{agent_id}/versions/{version}")
  VersionResponse get(
      @Parameter(hidden = true) ProjectScope scope,
      @Parameter(description = AgentRoutes.ADDRESS) @PathVariable("agent_id") String address,
      @Parameter(schema = @Schema(type = "integer", minimum = "1")) @PathVariable("version")
          String version) {
    return VersionResponse.of(
        agents.version(scope.user(), scope.project(), address, number(version)));
  }

  @Operation(
      operationId = "restoreAgentVersion",
      summary = "Make an old version the present one",
      description = "The old name and configuration become a new version.")
  @ApiResponse(
      responseCode = "200",
      description = "The agent.",
      headers = @Header(name = "ETag", schema = @Schema(type = "string", example = "\"v3\"")),
      content = @Content(schema = @Schema(implementation = AgentResponse.class)))
  @ApiResponse(
      responseCode = "404",
      description = "No such agent or version.",
      content = @Content(schema = @Schema(implementation = ErrorResponse.class)))
  @ApiResponse(
      responseCode = "409",
      description = "Another agent has the old name now.",
      content = @Content(schema = @Schema(implementation = ErrorResponse.class)))
  @ApiResponse(
      responseCode = "412",
      description = "If-Match is not the present version.",
      content = @Content(schema = @Schema(implementation = ErrorResponse.class)))
  @PostMapping("/{agent_id}/versions/{version}/restore")
  AgentResponse restore(
      @Parameter(hidden = true) ProjectScope scope,
      @Parameter(description = AgentRoutes.ADDRESS) @PathVariable("agent_id") String address,
      @Parameter(schema = @Schema(type = "integer", minimum = "1")) @PathVariable("version")
          String version,
      @Parameter(hidden = true) IfMatch seen,
      @Parameter(hidden = true) Idempotency once,
      HttpServletResponse response) {
    Agent restored =
        agents.restore(scope.user(), scope.project(), address, number(version), seen, once);
    response.setHeader("ETag", new RowVersion(restored.version()).etag());
    return view.of(restored);
  }

  @Operation(
      operationId = "listAvailableAgents",
      summary = "List the agents that may be addressed in a session")
  @ApiResponse(
      responseCode = "200",
      description = "The agents, with their status.",
      content = @Content(schema = @Schema(implementation = Available.class)))
  @ApiResponse(
      responseCode = "404",
      description = "No such session in this project.",
      content = @Content(schema = @Schema(implementation = ErrorResponse.class)))
  @GetMapping("/available/{session_id}")
  Available available(
      @Parameter(hidden = true) ProjectScope scope,
      @Parameter(schema = @Schema(type = "string", format = "uuid")) @PathVariable("session_id")
          String session) {
    SessionId id =
        IdText.parse(session)
            .map(SessionId::new)
            .orElseThrow(() -> Fault.notFound("Session not found"));
    List<Agent> found = agents.available(scope.user(), scope.project(), id);
    return new Available(view.of(scope.user(), scope.project(), found), found.size());
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException _) {
      throw Fault.notFound("Version not found");
    }
  }
}
