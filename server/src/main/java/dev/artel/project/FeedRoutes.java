package dev.artel.project;

import dev.artel.base.Fault;
import dev.artel.event.EventHistory;
import dev.artel.event.EventItem;
import dev.artel.event.EventQuery;
import dev.artel.event.Follow;
import dev.artel.http.Caller;
import dev.artel.http.ErrorResponse;
import dev.artel.http.Filters;
import dev.artel.http.ListFields;
import dev.artel.http.Listing;
import dev.artel.http.Paging;
import dev.artel.http.ProjectScope;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.EventId;
import dev.artel.protocol.IdText;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
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

/// What happened in a project, as JSON, and what happens, as a stream.
@Tag(name = "Events")
@RestController
@RequestMapping({"/my/projects/{project_id}/events", "/my/events"})
class FeedRoutes {
  private static final String NDJSON = "application/x-ndjson";

  private final EventHistory history;
  private final Follow follow;
  private final Projects projects;

  FeedRoutes(EventHistory history, Follow follow, Projects projects) {
    this.history = history;
    this.follow = follow;
    this.projects = projects;
  }

  @Schema(name = "EventList", allOf = ListFields.class)
  record EventList(
      List<EventItem> events,
      @Schema(description = "The same array as events.") List<EventItem> items) {}

  @Operation(
      operationId = "listEvents",
      summary = "List or follow the project's events",
      description =
          "As JSON a page, newest first; with after, oldest first. With Accept:"
              + " application/x-ndjson or text/event-stream the live feed of the whole project,"
              + " ordered by project_seq.")
  @ApiResponse(
      responseCode = "200",
      description = "A page of events, or lines until the stream ends.",
      content = {
        @Content(
            mediaType = MediaType.APPLICATION_JSON_VALUE,
            schema = @Schema(implementation = EventList.class)),
        @Content(mediaType = NDJSON, schema = @Schema(ref = "Event")),
        @Content(mediaType = MediaType.TEXT_EVENT_STREAM_VALUE, schema = @Schema(ref = "Event"))
      })
  @ApiResponse(
      responseCode = "400",
      description = "Bad paging, filter or cursor.",
      content =
          @Content(
              schema = @Schema(implementation = ErrorResponse.class),
              examples =
                  @ExampleObject(
                      """
                      {"detail": "Cannot filter by agent_id: it must be an id.",
                       "error_code": "INVALID_FILTER", "timestamp": "2026-01-31T12:00:00Z",
                       "metadata": {"field": "agent_id"}}
                      """)))
  @ApiResponse(responseCode = "404", description = "No such project.")
  @GetMapping
  @Nullable Map<String, Object> list(
      Caller caller,
      ProjectScope scope,
      Paging paging,
      @Parameter(
              description = "One type, or several with commas between.",
              example = "message_created,task_failed")
          @RequestParam(name = "event_type", required = false)
          @Nullable String eventType,
      @Parameter(schema = @Schema(type = "string", format = "uuid"))
          @RequestParam(name = "agent_id", required = false)
          @Nullable String agentId,
      @Parameter(
              description = "Inclusive.",
              schema = @Schema(type = "string", format = "date-time"))
          @RequestParam(name = "start_time", required = false)
          @Nullable String startTime,
      @Parameter(
              description = "Exclusive.",
              schema = @Schema(type = "string", format = "date-time"))
          @RequestParam(name = "end_time", required = false)
          @Nullable String endTime,
      @Parameter(
              description = "A project_seq.",
              schema = @Schema(type = "integer", format = "int64", minimum = "0"))
          @RequestParam(required = false)
          @Nullable String after,
      @Parameter(
              description = "A project_seq.",
              schema = @Schema(type = "integer", format = "int64", minimum = "0"))
          @RequestParam(required = false)
          @Nullable String before,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    if (Follow.asksForStream(request)) {
      follow.serve(
          request,
          response,
          caller,
          scope,
          null,
          () -> projects.exists(scope.user(), scope.project()));
      // Everything is written already.
      return null;
    }
    paging.orderBy(List.of(), "");
    Long beyond = Filters.position("after", after);
    var query =
        new EventQuery(
            EventQuery.types(eventType),
            null,
            Filters.id("agent_id", agentId, AgentId::new),
            Filters.time("start_time", startTime),
            Filters.time("end_time", endTime),
            beyond,
            Filters.position("before", before),
            beyond != null);
    var page = history.page(scope.user(), scope.project(), query, paging);
    Map<String, Object> body =
        Listing.of(request, "events", page.items(), page.total(), paging, page.nextCursor());
    body.put("items", page.items());
    return body;
  }

  @Operation(
      operationId = "getEvent",
      summary = "Show one event, whole",
      description = "The target of a stub's fetch_url.")
  @ApiResponse(responseCode = "200", description = "The event.")
  @ApiResponse(responseCode = "404", description = "No such event.")
  @GetMapping(path = "/{event_id}", produces = MediaType.APPLICATION_JSON_VALUE)
  EventItem get(ProjectScope scope, @PathVariable("event_id") String eventId) {
    return IdText.parse(eventId)
        .flatMap(id -> history.find(scope.user(), scope.project(), new EventId(id)))
        .orElseThrow(() -> Fault.notFound("Event not found"));
  }
}
