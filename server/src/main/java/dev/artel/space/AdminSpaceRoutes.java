package dev.artel.space;

import dev.artel.base.Fault;
import dev.artel.http.Caller;
import dev.artel.http.ErrorResponse;
import dev.artel.protocol.IdText;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.UserId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// The worker spaces of this process, for its operator: ids, numbers and states alone.
@Tag(name = "Administration")
@RestController
@RequestMapping(path = "/admin/workspaces", produces = MediaType.APPLICATION_JSON_VALUE)
class AdminSpaceRoutes {
  private final Spaces spaces;

  AdminSpaceRoutes(Spaces spaces) {
    this.spaces = spaces;
  }

  /// One live space.
  @Schema(name = "WorkspaceEntry")
  record Entry(
      UserId userId,
      ProjectId projectId,
      boolean initialized,
      @Schema(minimum = "0") int activeAgents,
      @Schema(minimum = "0") int cacheSize,
      @Schema(minimum = "0", description = "Seconds since its last use.") double idleTime) {
    static Entry of(Space space) {
      boolean open = space.isOpen();
      return new Entry(
          space.scope().user(),
          space.scope().project(),
          open,
          open ? space.team().active() : 0,
          open ? space.cached().size() : 0,
          space.idle().toMillis() / 1000.0);
    }
  }

  @Schema(name = "WorkspaceStats")
  record Stats(
      @Schema(minimum = "0") int activeSpaces,
      @Schema(description = "By `{user_id}_{project_id}`, the one used longest ago first.")
          Map<String, Entry> spaces) {}

  @Operation(operationId = "getWorkspaceStats", summary = "List the live worker spaces")
  @ApiResponse(responseCode = "200", description = "Those of the process that answers.")
  @ApiResponse(
      responseCode = "401",
      description = "Not authenticated",
      content = @Content(schema = @Schema(implementation = ErrorResponse.class)))
  @ApiResponse(
      responseCode = "403",
      description = "The role is missing",
      content = @Content(schema = @Schema(implementation = ErrorResponse.class)))
  @GetMapping("/stats")
  Stats stats(Caller administrator) {
    var entries = new LinkedHashMap<String, Entry>();
    spaces.byKey().forEach((key, space) -> entries.put(key, Entry.of(space)));
    return new Stats(entries.size(), entries);
  }

  /// Why a space is not well.
  @Schema(name = "WorkspaceTrouble")
  record Trouble(
      @Schema(allowableValues = {"degraded", "unhealthy"}) String state,
      List<String> issues,
      Instant lastCheck) {}

  /// @param unhealthySpaces keys of those that cannot work
  /// @param details of those that are not well, by key
  @Schema(name = "WorkspacesHealth")
  record HealthOfAll(
      @Schema(description = "Whether no space is unhealthy.") boolean healthy,
      @Schema(minimum = "0") int totalSpaces,
      @Schema(minimum = "0") int healthySpaces,
      List<String> unhealthySpaces,
      Map<String, Trouble> details) {}

  @Operation(operationId = "getWorkspaceHealth", summary = "Tell how the live worker spaces do")
  @ApiResponse(responseCode = "200", description = "As they were found at their last look.")
  @ApiResponse(
      responseCode = "401",
      description = "Not authenticated",
      content = @Content(schema = @Schema(implementation = ErrorResponse.class)))
  @ApiResponse(
      responseCode = "403",
      description = "The role is missing",
      content = @Content(schema = @Schema(implementation = ErrorResponse.class)))
  @GetMapping("/health")
  HealthOfAll health(Caller administrator) {
    Map<String, Space> all = spaces.byKey();
    var unhealthy = new ArrayList<String>();
    var details = new LinkedHashMap<String, Trouble>();
    int well = 0;
    for (Map.Entry<String, Space> one : all.entrySet()) {
      Space space = one.getValue();
      if (!space.isOpen()) {
        continue;
      }
      SpaceHealth health = space.health();
      switch (health.level()) {
        case HEALTHY -> well++;
        case DEGRADED -> details.put(one.getKey(), trouble(space, health));
        case UNHEALTHY -> {
          unhealthy.add(one.getKey());
          details.put(one.getKey(), trouble(space, health));
        }
      }
    }
    return new HealthOfAll(unhealthy.isEmpty(), all.size(), well, unhealthy, details);
  }

  private static Trouble trouble(Space space, SpaceHealth health) {
    return new Trouble(health.level().word(), health.issues(), space.lookedAt());
  }

  /// @param stoppedTasks tasks that were open; those that ran store their end themselves
  @Schema(name = "WorkspaceReset")
  record ResetResponse(
      UserId userId,
      ProjectId projectId,
      boolean initialized,
      @Schema(minimum = "0") int stoppedTasks) {}

  @Operation(
      operationId = "resetWorkspace",
      summary = "Stop all work of a project and open its worker space anew",
      description = "Open tasks are cancelled; agents, messages and memory stay.")
  @ApiResponse(
      responseCode = "200",
      description = "It was reset.",
      content = @Content(schema = @Schema(implementation = ResetResponse.class)))
  @ApiResponse(
      responseCode = "401",
      description = "Not authenticated",
      content = @Content(schema = @Schema(implementation = ErrorResponse.class)))
  @ApiResponse(
      responseCode = "403",
      description = "The role is missing",
      content = @Content(schema = @Schema(implementation = ErrorResponse.class)))
  @ApiResponse(
      responseCode = "404",
      description = "No such project of that user.",
      content = @Content(schema = @Schema(implementation = ErrorResponse.class)))
  @PostMapping("/{user_id}/{project_id}/reset")
  ResetResponse reset(
      Caller administrator,
      @Parameter(schema = @Schema(type = "string", format = "uuid")) @PathVariable("user_id")
          String user,
      @Parameter(schema = @Schema(type = "string", format = "uuid")) @PathVariable("project_id")
          String project) {
    var owner = new UserId(IdText.parse(user).orElseThrow(AdminSpaceRoutes::missing));
    var id = new ProjectId(IdText.parse(project).orElseThrow(AdminSpaceRoutes::missing));
    Spaces.Reset reset = spaces.reset(owner, id);
    return new ResetResponse(owner, id, reset.space().isOpen(), reset.stopped());
  }

  private static Fault missing() {
    return Fault.notFound("Project not found");
  }
}
