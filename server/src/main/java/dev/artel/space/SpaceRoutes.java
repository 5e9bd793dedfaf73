package dev.artel.space;

import dev.artel.agent.Teams;
import dev.artel.agent.Teams.Team;
import dev.artel.bus.QueueLoad;
import dev.artel.http.ErrorResponse;
import dev.artel.http.ProjectScope;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.AgentStatus;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.UserId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// How a project does, over HTTP.
@Tag(name = "Projects")
@RestController
@RequestMapping(produces = MediaType.APPLICATION_JSON_VALUE)
class SpaceRoutes {
  private final Spaces spaces;

  SpaceRoutes(Spaces spaces) {
    this.spaces = spaces;
  }

  /// The live handle of a project.
  ///
  /// @param uptime the same as `uptime_seconds`
  @Schema(name = "Workspace")
  record SpaceResponse(
      UserId userId,
      ProjectId projectId,
      @Schema(description = "Whether this process has opened it.") boolean initialized,
      @Schema(description = "When it was opened.") Instant initializationTime,
      double uptimeSeconds,
      AgentsOfSpace agents,
      CacheOfSpace cache,
      ContextOfSpace context,
      HealthOfSpace health,
      Instant timestamp,
      @Schema(minimum = "0", description = "Agents that take work.") int activeAgents,
      @Schema(minimum = "0") int cacheSize,
      @Schema(minimum = "0", description = "Tasks of the present agents that ended.")
          long totalTasksProcessed,
      double uptime,
      boolean isHealthy) {

    static SpaceResponse of(Space space, Team team) {
      SpaceHealth health = space.health();
      Teams.Cached cached = space.cached();
      double uptime = space.uptime().toMillis() / 1000.0;
      boolean healthy = health.level() == SpaceHealth.Level.HEALTHY;
      return new SpaceResponse(
          space.scope().user(),
          space.scope().project(),
          space.isOpen(),
          space.openedAt(),
          uptime,
          new AgentsOfSpace(
              team.members().size(),
              team.active(),
              team.members().stream().map(AgentOfSpace::of).toList()),
          new CacheOfSpace(
              cached.size(), cached.maxSize(), cached.hitRate(), cached.ttl().toSeconds()),
          new ContextOfSpace(0, 0, 0),
          new HealthOfSpace(healthy, health.level().word(), space.lookedAt(), health.issues()),
          space.lookedAt(),
          team.active(),
          cached.size(),
          team.tasksEnded(),
          uptime,
          healthy);
    }
  }

  @Schema(name = "WorkspaceAgents")
  record AgentsOfSpace(
      @Schema(minimum = "0") int total,
      @Schema(minimum = "0", description = "Those that take work.") int active,
      List<AgentOfSpace> list) {}

  @Schema(name = "WorkspaceAgent")
  record AgentOfSpace(
      AgentId agentId,
      String agentName,
      AgentStatus status,
      @Schema(allowableValues = {"idle", "processing", "at_capacity", "error"}) String state,
      @Schema(description = "Whether it takes work.") boolean isActive,
      @Schema(description = "Whether this process holds its configuration.") boolean isInCache,
      QueueLoad queue) {
    static AgentOfSpace of(Teams.Member member) {
      return new AgentOfSpace(
          member.agentId(),
          member.agentName(),
          member.status(),
          member.state(),
          member.isActive(),
          member.isInCache(),
          member.queue());
    }
  }

  /// @param hitRate of all configurations that this process read; null before the first
  @Schema(name = "WorkspaceCache")
  record CacheOfSpace(
      @Schema(minimum = "0", description = "Configurations of this project's agents.") int size,
      int maxSize,
      @Nullable Double hitRate,
      long ttlSeconds) {}

  /// What the agents remember.
  @Schema(name = "WorkspaceContext")
  record ContextOfSpace(long totalVectors, int collectionsCount, double avgVectorsPerAgent) {}

  @Schema(name = "WorkspaceHealth")
  record HealthOfSpace(
      boolean isHealthy,
      @Schema(allowableValues = {"healthy", "degraded", "unhealthy"}) String state,
      Instant lastCheck,
      @Schema(description = "What is wrong; empty when nothing is.") List<String> issues) {}

  @Operation(
      operationId = "getWorkspace",
      summary = "Tell how a project does",
      description = "Its agents with their work, and the live handle that this process keeps.")
  @ApiResponse(
      responseCode = "200",
      description = "The project's worker space.",
      content = @Content(schema = @Schema(implementation = SpaceResponse.class)))
  @ApiResponse(
      responseCode = "404",
      description = "No such project.",
      content = @Content(schema = @Schema(implementation = ErrorResponse.class)))
  @GetMapping({"/my/projects/{project_id}/workspace", "/my/workspace"})
  SpaceResponse workspace(@Parameter(hidden = true) ProjectScope scope) {
    Space space = spaces.of(scope);
    return SpaceResponse.of(space, space.look());
  }
}
