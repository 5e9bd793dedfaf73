package dev.artel.bus;

import dev.artel.http.ErrorResponse;
import dev.artel.http.Filters;
import dev.artel.http.Idempotency;
import dev.artel.http.ListFields;
import dev.artel.http.Listing;
import dev.artel.http.Paging;
import dev.artel.http.ProjectScope;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.TaskStatus;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// Tasks over HTTP.
@Tag(name = "Tasks")
@RestController
@RequestMapping(
    path = {"/my/projects/{project_id}/tasks", "/my/tasks"},
    produces = MediaType.APPLICATION_JSON_VALUE)
class TaskRoutes {
  private static final int REASON_MAX = 500;
  private static final String REASON = "cancelled by the user";

  private final Tasks tasks;

  TaskRoutes(Tasks tasks) {
    this.tasks = tasks;
  }

  @Schema(name = "TaskList", allOf = ListFields.class)
  record TaskList(List<TaskResponse> tasks) {}

  /// Why a task is cancelled.
  @Schema(name = "CancelRequest", example = "{\"reason\": \"No longer needed\"}")
  record CancelRequest(@Size(min = 1, max = REASON_MAX) @Nullable String reason) {}

  @Operation(operationId = "listTasks", summary = "List the project's tasks, newest first")
  @ApiResponse(
      responseCode = "200",
      description = "A page of tasks.",
      content = @Content(schema = @Schema(implementation = TaskList.class)))
  @ApiResponse(
      responseCode = "400",
      description = "Bad paging, filter or order.",
      content = @Content(schema = @Schema(implementation = ErrorResponse.class)))
  @GetMapping
  Map<String, Object> list(
      ProjectScope scope,
      Paging paging,
      @Parameter(schema = @Schema(implementation = TaskStatus.class))
          @RequestParam(required = false)
          @Nullable String status,
      @Parameter(schema = @Schema(type = "string", format = "uuid"))
          @RequestParam(name = "session_id", required = false)
          @Nullable String session,
      @Parameter(schema = @Schema(type = "string", format = "uuid"))
          @RequestParam(name = "agent_id", required = false)
          @Nullable String agent,
      HttpServletRequest request) {
    var filter =
        new TaskReader.Filter(
            Filters.word("status", status, TaskStatus.class),
            Filters.id("session_id", session, SessionId::new),
            Filters.id("agent_id", agent, AgentId::new));
    TaskReader.Page page = tasks.list(scope, filter, paging);
    return Listing.of(request, "tasks", page.tasks(), page.total(), paging);
  }

  @Operation(operationId = "getTask", summary = "Show a task")
  @ApiResponse(responseCode = "200", description = "The task.")
  @ApiResponse(
      responseCode = "404",
      description = "No such task in this project.",
      content = @Content(schema = @Schema(implementation = ErrorResponse.class)))
  @GetMapping("/{task_id}")
  TaskResponse get(ProjectScope scope, @PathVariable("task_id") TaskId task) {
    return tasks.get(scope, task);
  }

  @Operation(
      operationId = "cancelTask",
      summary = "Cancel a task",
      description =
          "One that waits is cancelled with this answer; one that runs is told to stop and tells"
              + " its end by an event.")
  @ApiResponse(responseCode = "200", description = "The task as it is now.")
  @ApiResponse(
      responseCode = "404",
      description = "No such task in this project.",
      content = @Content(schema = @Schema(implementation = ErrorResponse.class)))
  @ApiResponse(
      responseCode = "409",
      description = "It has ended already.",
      content = @Content(schema = @Schema(implementation = ErrorResponse.class)))
  @PostMapping("/{task_id}/cancel")
  TaskResponse cancel(
      ProjectScope scope,
      @PathVariable("task_id") TaskId task,
      @Valid @RequestBody(required = false) @Nullable CancelRequest body) {
    String reason = body == null ? null : body.reason();
    return tasks.cancel(scope, task, reason == null ? REASON : reason);
  }

  @Operation(
      operationId = "retryTask",
      summary = "Run an ended task again",
      description = "A new task with the same agent and input, behind what waits in its session.")
  @ApiResponse(responseCode = "201", description = "The new task.")
  @ApiResponse(
      responseCode = "404",
      description = "No such task in this project.",
      content = @Content(schema = @Schema(implementation = ErrorResponse.class)))
  @ApiResponse(
      responseCode = "409",
      description = "It has not ended, or is part of a plan.",
      content = @Content(schema = @Schema(implementation = ErrorResponse.class)))
  @PostMapping("/{task_id}/retry")
  @ResponseStatus(HttpStatus.CREATED)
  TaskResponse retry(ProjectScope scope, @PathVariable("task_id") TaskId task, Idempotency once) {
    return tasks.retry(scope, task, once);
  }
}
