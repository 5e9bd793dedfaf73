package dev.artel.runtime;

import dev.artel.event.Follow;
import dev.artel.event.StreamRequest;
import dev.artel.http.Caller;
import dev.artel.http.Filters;
import dev.artel.http.ListFields;
import dev.artel.http.Listing;
import dev.artel.http.Page;
import dev.artel.http.Paging;
import dev.artel.http.ProjectScope;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.UserId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// What a task did, step by step, and what it does, as a stream.
@Tag(name = "Tasks")
@RestController
@RequestMapping({"/my/projects/{project_id}/tasks/{task_id}", "/my/tasks/{task_id}"})
class StepRoutes {
  private final Steps steps;
  private final Follow follow;

  StepRoutes(Steps steps, Follow follow) {
    this.steps = steps;
    this.follow = follow;
  }

  @Schema(name = "TaskStepList", allOf = ListFields.class)
  record StepList(List<StepResponse> steps) {}

  @Operation(
      operationId = "listTaskSteps",
      summary = "List the steps of a task",
      description = "In their order, every attempt of each.")
  @Parameter(
      name = "after",
      in = ParameterIn.QUERY,
      description = "Only steps with a greater number.",
      schema = @Schema(type = "integer", minimum = "0"))
  @ApiResponse(
      responseCode = "200",
      description = "A page of steps.",
      content = @Content(schema = @Schema(implementation = StepList.class)))
  @GetMapping(path = "/steps", produces = MediaType.APPLICATION_JSON_VALUE)
  Map<String, Object> list(
      @Parameter(hidden = true) ProjectScope scope,
      @PathVariable("task_id") TaskId task,
      @Parameter(hidden = true) @RequestParam(name = "after", required = false)
          @Nullable String after,
      Paging paging,
      HttpServletRequest request) {
    String _ = paging.orderBy(List.of(), "");
    Long position = Filters.position("after", after);
    int behind = position == null ? 0 : Math.clamp(position, 0, Integer.MAX_VALUE);
    Page<Step> page = steps.page(scope.user(), scope, task, behind, paging);
    return Listing.of(
        request,
        "steps",
        page.items().stream().map(StepResponse::of).toList(),
        page.total(),
        paging);
  }

  @Operation(
      operationId = "getTaskStep",
      summary = "Show a step",
      description = "Its newest attempt, with what went in and what came out.")
  @ApiResponse(responseCode = "200", description = "The step.")
  @ApiResponse(responseCode = "404", description = "There is no such task or step.")
  @GetMapping(path = "/steps/{step}", produces = MediaType.APPLICATION_JSON_VALUE)
  StepResponse.Whole get(
      @Parameter(hidden = true) ProjectScope scope,
      @PathVariable("task_id") TaskId task,
      @PathVariable("step") int step) {
    return StepResponse.Whole.of(steps.whole(scope.user(), scope, task, step));
  }

  @Operation(
      operationId = "followTask",
      summary = "Follow a task's events",
      description =
          "NDJSON by default, the same as SSE with Accept: text/event-stream. Without a position from the task's beginning. Ends with session_closed, reason task_ended, when the task has ended.")
  @Parameter(
      name = "last_event_id",
      in = ParameterIn.QUERY,
      description = "Any event of the project; also as header Last-Event-ID.",
      schema = @Schema(type = "string", format = "uuid"))
  @Parameter(
      name = "since",
      in = ParameterIn.QUERY,
      description = "Inclusive.",
      schema = @Schema(type = "string", format = "date-time"))
  @Parameter(
      name = "event_types",
      in = ParameterIn.QUERY,
      description = "The only types to send, separated by commas.",
      schema = @Schema(type = "string"))
  @Parameter(
      name = "deltas",
      in = ParameterIn.QUERY,
      description = "1: also the pieces of the growing answer.",
      schema =
          @Schema(
              type = "string",
              allowableValues = {"0", "1"}))
  @ApiResponse(
      responseCode = "200",
      description = "Lines until the task has ended.",
      content = {
        @Content(mediaType = "application/x-ndjson", schema = @Schema(ref = "Event")),
        @Content(mediaType = "text/event-stream", schema = @Schema(ref = "Event"))
      })
  @GetMapping("/events")
  void follow(
      @Parameter(hidden = true) Caller caller,
      @Parameter(hidden = true) ProjectScope scope,
      @PathVariable("task_id") TaskId task,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    UserId user = scope.user();
    SessionId session = steps.session(user, scope, task);
    follow.serve(
        request,
        response,
        caller,
        scope,
        session,
        new StreamRequest.FollowedTask(task, () -> steps.ended(user, task)));
  }
}
