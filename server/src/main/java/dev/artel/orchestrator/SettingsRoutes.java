package dev.artel.orchestrator;

import dev.artel.agent.OrchestratorSettings;
import dev.artel.http.ErrorResponse;
import dev.artel.http.IfMatch;
import dev.artel.http.Invalid;
import dev.artel.http.ProjectScope;
import dev.artel.http.RowVersion;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.UserId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The orchestrator's settings over HTTP.
@Tag(name = "Orchestrator")
@RestController
class SettingsRoutes {
  private static final String EXAMPLE =
      """
      {"model": "openrouter/openai/gpt-4.1", "max_parallel_agents": 3,
       "approval_threshold_cost": 0.10, "approval_threshold_tasks": 3}
      """;

  private final Orchestration orchestration;

  SettingsRoutes(Orchestration orchestration) {
    this.orchestration = orchestration;
  }

  @Schema(name = "OrchestratorConfig")
  record SettingsResponse(
      @Schema(implementation = UUID.class, description = "The agent whose settings these are.")
          AgentId id,
      @Schema(implementation = UUID.class) UserId userId,
      String model,
      int maxParallelAgents,
      BigDecimal approvalThresholdCost,
      int approvalThresholdTasks,
      @Schema(nullable = true) @Nullable String routingStrategy,
      @Schema(nullable = true) @Nullable Integer timeoutSeconds,
      @Schema(nullable = true) @Nullable String fallbackBehavior,
      int version,
      Instant createdAt) {

    static SettingsResponse of(Settings settings) {
      OrchestratorSettings values = settings.values();
      return new SettingsResponse(
          settings.id(),
          settings.user(),
          settings.model(),
          values.maxParallelAgents(),
          values.approvalThresholdCost(),
          values.approvalThresholdTasks(),
          values.routingStrategy(),
          values.timeoutSeconds(),
          values.fallbackBehavior(),
          settings.version(),
          settings.createdAt());
    }
  }

  @Schema(name = "OrchestratorConfigRequest")
  record SettingsRequest(
      @Schema(
              minLength = 1,
              maxLength = 200,
              nullable = true,
              defaultValue = "openrouter/openai/gpt-4.1")
          @Nullable String model,
      @Schema(minimum = "1", maximum = "10", nullable = true, defaultValue = "3")
          @Nullable Integer maxParallelAgents,
      @Schema(minimum = "0", maximum = "1000", nullable = true)
          @Nullable BigDecimal approvalThresholdCost,
      @Schema(minimum = "1", maximum = "100", nullable = true, defaultValue = "3")
          @Nullable Integer approvalThresholdTasks,
      @Schema(minLength = 1, maxLength = 100, nullable = true) @Nullable String routingStrategy,
      @Schema(minimum = "1", maximum = "600", nullable = true) @Nullable Integer timeoutSeconds,
      @Schema(minLength = 1, maxLength = 100, nullable = true) @Nullable String fallbackBehavior) {}

  @Operation(
      operationId = "getOrchestratorConfig",
      summary = "Show how the project's requests are routed and planned")
  @ApiResponse(
      responseCode = "200",
      description = "The settings of the orchestrator-role agent.",
      headers = @Header(name = "ETag", schema = @Schema(type = "string", example = "\"v1\"")),
      content = @Content(schema = @Schema(implementation = SettingsResponse.class)))
  @ApiResponse(
      responseCode = "404",
      description = "No such project, or it has no orchestrator.",
      content =
          @Content(
              schema = @Schema(implementation = ErrorResponse.class),
              examples =
                  @ExampleObject(
                      """
                      {"detail": "Orchestrator not found", "error_code": "NOT_FOUND",
                       "timestamp": "2026-01-31T12:00:00Z"}
                      """)))
  @GetMapping(
      path = {"/my/projects/{project_id}/orchestrator/config", "/my/orchestrator/config"},
      produces = MediaType.APPLICATION_JSON_VALUE)
  SettingsResponse get(@Parameter(hidden = true) ProjectScope scope, HttpServletResponse response) {
    return told(orchestration.settings(scope.user(), scope.project()), response);
  }

  @Operation(
      operationId = "replaceOrchestratorConfig",
      summary = "Replace how the project's requests are routed and planned",
      description =
          "A setting that is absent gets its default. The settings may also stand inside config.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              required = true,
              content =
                  @Content(
                      schema = @Schema(implementation = SettingsRequest.class),
                      examples = @ExampleObject(EXAMPLE))))
  @ApiResponse(
      responseCode = "200",
      description = "The settings from now on.",
      headers = @Header(name = "ETag", schema = @Schema(type = "string", example = "\"v2\"")),
      content = @Content(schema = @Schema(implementation = SettingsResponse.class)))
  @ApiResponse(
      responseCode = "404",
      description = "No such project, or it has no orchestrator.",
      content = @Content(schema = @Schema(implementation = ErrorResponse.class)))
  @ApiResponse(
      responseCode = "412",
      description = "If-Match is not the agent's present version.",
      content = @Content(schema = @Schema(implementation = ErrorResponse.class)))
  @ApiResponse(
      responseCode = "422",
      description = "A setting is out of its range; nothing changed.",
      content = @Content(schema = @Schema(implementation = ErrorResponse.class)))
  @PutMapping(
      path = {
        "/my/projects/{project_id}/orchestrator/config",
        "/my/orchestrator/config",
        "/my/orchestrators"
      },
      produces = MediaType.APPLICATION_JSON_VALUE)
  SettingsResponse replace(
      @Parameter(hidden = true) ProjectScope scope,
      @Parameter(hidden = true) IfMatch seen,
      @RequestBody JsonNode body,
      HttpServletResponse response) {
    if (!(body instanceof ObjectNode whole)) {
      throw Invalid.at("", "must be an object", "type");
    }
    boolean inside = whole.has("config");
    if (!((inside ? whole.get("config") : whole) instanceof ObjectNode wanted)) {
      throw Invalid.at("/config", "must be an object", "type");
    }
    return told(
        orchestration.replace(scope.user(), scope.project(), wanted, inside ? "/config" : "", seen),
        response);
  }

  private static SettingsResponse told(Settings settings, HttpServletResponse response) {
    response.setHeader("ETag", new RowVersion(settings.version()).etag());
    return SettingsResponse.of(settings);
  }
}
