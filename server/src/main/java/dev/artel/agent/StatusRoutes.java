package dev.artel.agent;

import dev.artel.http.ErrorResponse;
import dev.artel.http.Filters;
import dev.artel.http.ProjectScope;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// How agents do, over HTTP.
@Tag(name = "Agents")
@RestController
@RequestMapping(
    path = {"/my/projects/{project_id}/agents", "/my/agents"},
    produces = MediaType.APPLICATION_JSON_VALUE)
class StatusRoutes {
  private final AgentReports reports;

  StatusRoutes(AgentReports reports) {
    this.reports = reports;
  }

  @Operation(
      operationId = "getAgentStatus",
      summary = "Tell how an agent does",
      description = "Its work now, what it did so far, and what its last check found.")
  @ApiResponse(
      responseCode = "200",
      description = "Its status.",
      content = @Content(schema = @Schema(implementation = AgentStatusResponse.class)))
  @ApiResponse(
      responseCode = "404",
      description = "No such agent in this project.",
      content = @Content(schema = @Schema(implementation = ErrorResponse.class)))
  @GetMapping("/{agent_id}/status")
  AgentStatusResponse status(
      @Parameter(hidden = true) ProjectScope scope,
      @Parameter(description = AgentRoutes.ADDRESS) @PathVariable("agent_id") String address) {
    return reports.status(scope.user(), scope.project(), address);
  }

  @Operation(
      operationId = "getAgentMetrics",
      summary = "Sum up what an agent did",
      description = "Since it was made, over restarts and deleted sessions.")
  @ApiResponse(
      responseCode = "200",
      description = "The sums.",
      content = @Content(schema = @Schema(implementation = AgentMetricsResponse.class)))
  @ApiResponse(
      responseCode = "404",
      description = "No such agent in this project.",
      content = @Content(schema = @Schema(implementation = ErrorResponse.class)))
  @GetMapping("/{agent_id}/metrics")
  AgentMetricsResponse metrics(
      @Parameter(hidden = true) ProjectScope scope,
      @Parameter(description = AgentRoutes.ADDRESS) @PathVariable("agent_id") String address) {
    return AgentMetricsResponse.of(null, reports.metrics(scope.user(), scope.project(), address));
  }

  @Operation(
      operationId = "getAgentMetricsHistory",
      summary = "Sum up what an agent did by hours or days",
      description = "In UTC, oldest first, the newest 750 at most. A day begins at midnight.")
  @ApiResponse(
      responseCode = "200",
      description = "The sums of each hour or day in which a task ended.",
      content = @Content(schema = @Schema(implementation = AgentMetricsResponse.History.class)))
  @ApiResponse(
      responseCode = "400",
      description = "A bad time or bucket.",
      content = @Content(schema = @Schema(implementation = ErrorResponse.class)))
  @ApiResponse(
      responseCode = "404",
      description = "No such agent in this project.",
      content = @Content(schema = @Schema(implementation = ErrorResponse.class)))
  @GetMapping("/{agent_id}/metrics/history")
  AgentMetricsResponse.History history(
      @Parameter(hidden = true) ProjectScope scope,
      @Parameter(description = AgentRoutes.ADDRESS) @PathVariable("agent_id") String address,
      @Parameter(
              description = "Inclusive, the hour that it lies in; a time or a day.",
              schema = @Schema(type = "string", format = "date-time"))
          @RequestParam(required = false)
          @Nullable String from,
      @Parameter(
              description = "Exclusive; a time or a day.",
              schema = @Schema(type = "string", format = "date-time"))
          @RequestParam(required = false)
          @Nullable String to,
      @Parameter(schema = @Schema(implementation = HistoryBucket.class, defaultValue = "hour"))
          @RequestParam(required = false)
          @Nullable String bucket) {
    HistoryBucket by =
        Objects.requireNonNullElse(
            Filters.word("bucket", bucket, HistoryBucket.class), HistoryBucket.HOUR);
    return new AgentMetricsResponse.History(
        by,
        reports
            .history(
                scope.user(),
                scope.project(),
                address,
                Filters.time("from", from),
                Filters.time("to", to),
                by)
            .stream()
            .map(piece -> AgentMetricsResponse.of(piece.start(), piece.tally()))
            .toList());
  }
}
