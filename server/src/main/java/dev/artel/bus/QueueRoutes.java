package dev.artel.bus;

import dev.artel.db.Db;
import dev.artel.http.Caller;
import dev.artel.http.ErrorResponse;
import dev.artel.http.ProjectScope;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.UserId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// Queues over HTTP: those of a project for its user, all together for an operator.
@RestController
@RequestMapping(produces = MediaType.APPLICATION_JSON_VALUE)
class QueueRoutes {
  private final Db db;
  private final BusLimits limits;
  private final QueueStore queues = new QueueStore();
  private final NodeStore nodes = new NodeStore();

  QueueRoutes(Db db, BusLimits limits) {
    this.db = db;
    this.limits = limits;
  }

  /// The queue of one agent.
  @Schema(name = "Queue")
  record QueueResponse(
      AgentId agentId,
      String agentName,
      @Schema(minimum = "0", description = "Tasks that wait in the queue.") int size,
      @Schema(example = "100", description = "How many may.") int capacity,
      @Schema(minimum = "0", description = "Tasks that run.") int active,
      @Schema(minimum = "0", description = "Tasks that wait for a person, a runner or their retry.")
          int waiting,
      @Schema(minimum = "1", maximum = "10", description = "Tasks that may run at once.") int limit,
      @Nullable Instant oldestQueuedAt,
      @Schema(minimum = "0") long completed,
      @Schema(minimum = "0") long failed,
      @Schema(minimum = "0", description = "Tasks completed in the last minute, a second.")
          double throughputPerS,
      @Schema(description = "Running time of what ended within a day; null when nothing did.")
          @Nullable Double avgSeconds,
      @Nullable Double p95Seconds) {
    static QueueResponse of(QueueStore.AgentQueue queue) {
      QueueLoad load = queue.load();
      return new QueueResponse(
          queue.agent(),
          queue.name(),
          load.size(),
          load.capacity(),
          load.active(),
          load.waiting(),
          queue.limit(),
          queue.oldestQueuedAt(),
          queue.completed(),
          queue.failed(),
          queue.throughputPerS(),
          queue.avgSeconds(),
          queue.p95Seconds());
    }
  }

  @Schema(name = "Queues")
  record Queues(List<QueueResponse> queues) {}

  @Tag(name = "Tasks")
  @Operation(operationId = "listQueues", summary = "Show the queue of each of the project's agents")
  @ApiResponse(responseCode = "200", description = "A queue for each agent.")
  @GetMapping({"/my/projects/{project_id}/queues", "/my/queues"})
  Queues queues(ProjectScope scope) {
    return new Queues(
        db.read(
            scope.user(),
            tx ->
                queues.of(tx, scope.user(), scope.project(), limits.queuePerAgent()).stream()
                    .map(QueueResponse::of)
                    .toList()));
  }

  /// A process that takes work.
  @Schema(name = "BusWorker")
  record WorkerResponse(
      UUID node,
      Instant since,
      @Schema(minimum = "0", description = "Tasks that run there.") int active,
      @Schema(description = "Whether it gave a sign of life within its lease.") boolean healthy) {}

  /// A queue that is nearly full.
  @Schema(name = "FullQueue")
  record FullQueue(UserId userId, AgentId agentId, @Schema(minimum = "0") long size) {}

  /// All queues together.
  @Schema(name = "BusQueues")
  record BusQueues(
      @Schema(minimum = "0", description = "Queues, one for each agent.") long total,
      @Schema(minimum = "0") long queued,
      @Schema(minimum = "0") long running,
      @Schema(minimum = "0") long waiting,
      @com.fasterxml.jackson.annotation.JsonProperty("over_80_percent")
          @Schema(description = "The fullest first, at most 100.")
          List<FullQueue> over80Percent) {}

  @Schema(name = "BusState")
  record BusState(List<WorkerResponse> workers, BusQueues queues) {}

  @Tag(name = "Administration")
  @Operation(operationId = "getBus", summary = "Show who takes work, and how much there is")
  @ApiResponse(responseCode = "200", description = "The workers and the queues.")
  @ApiResponse(
      responseCode = "401",
      description = "Not authenticated",
      content = @Content(schema = @Schema(implementation = ErrorResponse.class)))
  @ApiResponse(
      responseCode = "403",
      description = "The role is missing",
      content = @Content(schema = @Schema(implementation = ErrorResponse.class)))
  @GetMapping("/admin/bus")
  BusState bus(Caller administrator) {
    return db.dispatch(tx -> {
      QueueStore.Totals totals = queues.totals(tx);
      return new BusState(
          nodes.all(tx, limits.lease()).stream()
              .map(node ->
                  new WorkerResponse(node.node(), node.since(), node.active(), node.healthy()))
              .toList(),
          new BusQueues(
              totals.total(),
              totals.queued(),
              totals.running(),
              totals.waiting(),
              queues.full(tx, limits.alertAt()).stream()
                  .map(full -> new FullQueue(full.user(), full.agent(), full.size()))
                  .toList()));
    });
  }
}
