package dev.artel.agent;

import dev.artel.http.ErrorResponse;
import dev.artel.http.Filters;
import dev.artel.http.Idempotency;
import dev.artel.http.IfMatch;
import dev.artel.http.ListFields;
import dev.artel.http.Listing;
import dev.artel.http.Paging;
import dev.artel.http.ProjectScope;
import dev.artel.http.RowVersion;
import dev.artel.protocol.AgentRole;
import dev.artel.protocol.AgentStatus;
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
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/// Agents over HTTP.
@Tag(name = "Agents")
@RestController
@RequestMapping(
    path = {"/my/projects/{project_id}/agents", "/my/agents"},
    produces = MediaType.APPLICATION_JSON_VALUE)
class AgentRoutes {
  static final String ADDRESS =
      "A UUID, a name, or a readable id such as user{id}_{name}_{version}.";
  private static final String EXAMPLE =
      """
      {"name": "Reviewer", "config": {"system_prompt": "You review code.",
       "model": "openrouter/openai/gpt-4.1", "tools": ["read_file"], "temperature": 0.2,
       "metadata": {"role": "custom", "capabilities": ["code_review"]}}}
      """;
  private static final String NOT_FOUND =
      """
      {"detail": "Agent not found", "error_code": "NOT_FOUND", "timestamp": "2026-01-31T12:00:00Z"}
      """;
  private static final String TAKEN =
      """
      {"detail": "Agent with this name already exists", "error_code": "CONFLICT",
       "timestamp": "2026-01-31T12:00:00Z", "metadata": {"reason": "name_taken"}}
      """;
  private static final String INVALID =
      """
      {"detail": "The request is not valid: /config/temperature must be from 0 to 2",
       "error_code": "VALIDATION_ERROR", "timestamp": "2026-01-31T12:00:00Z",
       "errors": [{"location": "/config/temperature", "message": "must be from 0 to 2",
                   "type": "range"}]}
      """;
  private static final String STALE =
      """
      {"detail": "It was changed meanwhile and is now \\"v3\\"; read it again before writing.",
       "error_code": "PRECONDITION_FAILED", "timestamp": "2026-01-31T12:00:00Z",
       "metadata": {"current": "\\"v3\\""}}
      """;

  private final Agents agents;
  private final AgentView view;

  AgentRoutes(Agents agents, AgentView view) {
    this.agents = agents;
    this.view = view;
  }

  @Schema(name = "AgentList", allOf = ListFields.class)
  record AgentList(List<AgentResponse> agents) {}

  @Operation(operationId = "listAgents", summary = "List the project's agents, oldest first")
  @ApiResponse(
      responseCode = "200",
      description = "A page of agents.",
      content = @Content(schema = @Schema(implementation = AgentList.class)))
  @ApiResponse(
      responseCode = "400",
      description = "Bad paging, filter or order.",
      content = @Content(schema = @Schema(implementation = ErrorResponse.class)))
  @ApiResponse(
      responseCode = "404",
      description = "No such project.",
      content = @Content(schema = @Schema(implementation = ErrorResponse.class)))
  @GetMapping
  Map<String, Object> list(
      @Parameter(hidden = true) ProjectScope scope,
      @Parameter(hidden = true) Paging paging,
      @Parameter(schema = @Schema(implementation = AgentStatus.class))
          @RequestParam(required = false)
          @Nullable String status,
      @Parameter(schema = @Schema(implementation = AgentRole.class)) @RequestParam(required = false)
          @Nullable String role,
      @Parameter(description = "A part of the name, ignoring letter case.")
          @RequestParam(required = false)
          @Nullable String name,
      HttpServletRequest request) {
    var filter =
        new AgentFilter(
            Filters.word("status", status, AgentStatus.class),
            Filters.word("role", role, AgentRole.class),
            Filters.text("name", name));
    var page = agents.list(scope.user(), scope.project(), filter, paging);
    return Listing.of(
        request,
        "agents",
        view.of(scope.user(), scope.project(), page.items()),
        page.total(),
        paging);
  }

  @Operation(
      operationId = "createAgent",
      summary = "Make an agent",
      description =
          "The canonical body is {name, config}; the configuration's fields may also stand flat"
              + " beside name, and name may stand inside config.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              required = true,
              content =
                  @Content(
                      schema =
                          @Schema(
                              anyOf = {
                                AgentBodies.AgentRequest.class,
                                AgentBodies.FlatAgentRequest.class,
                                AgentBodies.NamedConfigRequest.class
                              }),
                      examples = @ExampleObject(EXAMPLE))))
  @ApiResponse(
      responseCode = "201",
      description = "Made.",
      headers = @Header(name = "ETag", schema = @Schema(type = "string", example = "\"v1\"")),
      content = @Content(schema = @Schema(implementation = AgentResponse.class)))
  @ApiResponse(
      responseCode = "404",
      description = "No such project.",
      content = @Content(schema = @Schema(implementation = ErrorResponse.class)))
  @ApiResponse(
      responseCode = "409",
      description = "The name is taken in this project.",
      content =
          @Content(
              schema = @Schema(implementation = ErrorResponse.class),
              examples = @ExampleObject(TAKEN)))
  @ApiResponse(
      responseCode = "422",
      description = "A field violates its rule.",
      content =
          @Content(
              schema = @Schema(implementation = ErrorResponse.class),
              examples = @ExampleObject(INVALID)))
  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  AgentResponse create(
      @Parameter(hidden = true) ProjectScope scope,
      @Parameter(hidden = true) Idempotency once,
      @RequestBody JsonNode body,
      HttpServletResponse response) {
    AgentBody wanted = AgentBody.named(body);
    AgentConfig config = wanted.config(agents.rules());
    return told(
        agents.create(scope.user(), scope.project(), String.valueOf(wanted.name()), config, once),
        response);
  }

  @Operation(operationId = "getAgent", summary = "Show an agent")
  @ApiResponse(
      responseCode = "200",
      description = "The agent.",
      headers = @Header(name = "ETag", schema = @Schema(type = "string", example = "\"v1\"")),
      content = @Content(schema = @Schema(implementation = AgentResponse.class)))
  @ApiResponse(
      responseCode = "404",
      description = "No such agent in this project.",
      content =
          @Content(
              schema = @Schema(implementation = ErrorResponse.class),
              examples = @ExampleObject(NOT_FOUND)))
  @GetMapping("/{agent_id}")
  AgentResponse get(
      @Parameter(hidden = true) ProjectScope scope,
      @Parameter(description = ADDRESS) @PathVariable("agent_id") String address,
      HttpServletResponse response) {
    return told(agents.get(scope.user(), scope.project(), address), response);
  }

  @Operation(
      operationId = "replaceAgent",
      summary = "Replace an agent's configuration",
      description = "Keeps the name when the body has none.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              required = true,
              content =
                  @Content(
                      schema =
                          @Schema(
                              anyOf = {
                                AgentBodies.AgentUpdate.class,
                                AgentBodies.AgentConfigRequest.class
                              }),
                      examples = @ExampleObject(EXAMPLE))))
  @ApiResponse(
      responseCode = "200",
      description = "The changed agent.",
      headers = @Header(name = "ETag", schema = @Schema(type = "string", example = "\"v2\"")),
      content = @Content(schema = @Schema(implementation = AgentResponse.class)))
  @ApiResponse(
      responseCode = "404",
      description = "No such agent in this project.",
      content = @Content(schema = @Schema(implementation = ErrorResponse.class)))
  @ApiResponse(
      responseCode = "409",
      description = "The name is taken in this project.",
      content =
          @Content(
              schema = @Schema(implementation = ErrorResponse.class),
              examples = @ExampleObject(TAKEN)))
  @ApiResponse(
      responseCode = "412",
      description = "If-Match is not the present version.",
      content =
          @Content(
              schema = @Schema(implementation = ErrorResponse.class),
              examples = @ExampleObject(STALE)))
  @ApiResponse(
      responseCode = "422",
      description = "A field violates its rule; the agent is unchanged.",
      content =
          @Content(
              schema = @Schema(implementation = ErrorResponse.class),
              examples = @ExampleObject(INVALID)))
  @PutMapping("/{agent_id}")
  AgentResponse replace(
      @Parameter(hidden = true) ProjectScope scope,
      @Parameter(description = ADDRESS) @PathVariable("agent_id") String address,
      @Parameter(hidden = true) IfMatch seen,
      @RequestBody JsonNode body,
      HttpServletResponse response) {
    AgentBody wanted = AgentBody.of(body);
    AgentConfig config = wanted.config(agents.rules());
    return told(
        agents.replace(scope.user(), scope.project(), address, wanted.name(), config, seen),
        response);
  }

  @Operation(
      operationId = "patchAgent",
      summary = "Change parts of an agent",
      description =
          "What is absent stays; null brings a field back to its default and takes a key of"
              + " metadata out; lists are replaced.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              required = true,
              content =
                  @Content(
                      schema =
                          @Schema(
                              anyOf = {
                                AgentBodies.AgentPatch.class,
                                AgentBodies.FlatAgentPatch.class
                              }),
                      examples =
                          @ExampleObject(
                              """
                              {"config": {"temperature": 0.5, "metadata": {"team": null}}}
                              """))))
  @ApiResponse(
      responseCode = "200",
      description = "The agent, changed or as it was.",
      headers = @Header(name = "ETag", schema = @Schema(type = "string", example = "\"v2\"")),
      content = @Content(schema = @Schema(implementation = AgentResponse.class)))
  @ApiResponse(
      responseCode = "404",
      description = "No such agent in this project.",
      content = @Content(schema = @Schema(implementation = ErrorResponse.class)))
  @ApiResponse(
      responseCode = "409",
      description = "The name is taken in this project.",
      content =
          @Content(
              schema = @Schema(implementation = ErrorResponse.class),
              examples = @ExampleObject(TAKEN)))
  @ApiResponse(
      responseCode = "412",
      description = "If-Match is not the present version.",
      content =
          @Content(
              schema = @Schema(implementation = ErrorResponse.class),
              examples = @ExampleObject(STALE)))
  @ApiResponse(
      responseCode = "422",
      description = "A field violates its rule; the agent is unchanged.",
      content =
          @Content(
              schema = @Schema(implementation = ErrorResponse.class),
              examples = @ExampleObject(INVALID)))
  @PatchMapping("/{agent_id}")
  AgentResponse patch(
      @Parameter(hidden = true) ProjectScope scope,
      @Parameter(description = ADDRESS) @PathVariable("agent_id") String address,
      @Parameter(hidden = true) IfMatch seen,
      @RequestBody JsonNode body,
      HttpServletResponse response) {
    AgentBody wanted = AgentBody.of(body);
    return told(
        agents.patch(
            scope.user(),
            scope.project(),
            address,
            wanted.name(),
            wanted.config(),
            wanted.at(),
            seen),
        response);
  }

  @Operation(
      operationId = "deleteAgent",
      summary = "Delete an agent",
      description = "Its open work ends as cancelled; its messages stay, under its name.")
  @ApiResponse(responseCode = "204", description = "Gone.")
  @ApiResponse(
      responseCode = "404",
      description = "No such agent in this project.",
      content = @Content(schema = @Schema(implementation = ErrorResponse.class)))
  @ApiResponse(
      responseCode = "412",
      description = "If-Match is not the present version.",
      content = @Content(schema = @Schema(implementation = ErrorResponse.class)))
  @DeleteMapping("/{agent_id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(
      @Parameter(hidden = true) ProjectScope scope,
      @Parameter(description = ADDRESS) @PathVariable("agent_id") String address,
      @Parameter(hidden = true) IfMatch seen) {
    agents.delete(scope.user(), scope.project(), address, seen);
  }

  private AgentResponse told(Agent agent, HttpServletResponse response) {
    response.setHeader("ETag", new RowVersion(agent.version()).etag());
    return view.of(agent);
  }
}
