package dev.artel.analytics;

import dev.artel.base.Fault;
import dev.artel.event.EventItem;
import dev.artel.event.EventQuery;
import dev.artel.http.Caller;
import dev.artel.http.ErrorResponse;
import dev.artel.http.Filters;
import dev.artel.http.Idempotency;
import dev.artel.http.ListFields;
import dev.artel.http.Listing;
import dev.artel.http.Paging;
import dev.artel.http.ProjectScope;
import dev.artel.protocol.EventId;
import dev.artel.protocol.IdText;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.UserId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Counts, usage and failed events over HTTP.
@Tag(name = "Analytics")
@RestController
@RequestMapping(produces = MediaType.APPLICATION_JSON_VALUE)
class AnalyticsRoutes {
  private static final String NOT_FAILED =
      """
      {"detail": "Only an event that failed can be processed again", "error_code": "CONFLICT",
       "timestamp": "2026-01-31T12:00:00Z", "metadata": {"reason": "state"}}
      """;

  private final Analytics analytics;

  AnalyticsRoutes(Analytics analytics) {
    this.analytics = analytics;
  }

  @Schema(name = "SessionEventList", allOf = ListFields.class)
  record SessionEventList(List<EventItem> events) {}

  @Schema(name = "UsageResponse")
  record UsageResponse(List<UsageRow> usage) {}

  @Schema(name = "ReprocessedEvent")
  record Reprocessed(
      @Schema(implementation = UUID.class) EventId eventId,
      @Schema(allowableValues = "pending") String status) {}

  @Operation(operationId = "getAnalytics", summary = "Count what happened in the project")
  @ApiResponse(responseCode = "200", description = "The counts.")
  @ApiResponse(responseCode = "404", description = "No such project.")
  @GetMapping({"/my/projects/{project_id}/analytics", "/my/analytics"})
  Summary summary(ProjectScope scope) {
    return analytics.summary(scope.user(), scope.project());
  }

  @Operation(
      operationId = "listSessionEvents",
      summary = "List the events of a session, oldest first")
  @ApiResponse(
      responseCode = "200",
      description = "A page of events.",
      content = @Content(schema = @Schema(implementation = SessionEventList.class)))
  @ApiResponse(responseCode = "400", description = "Bad paging, filter or cursor.")
  @ApiResponse(responseCode = "404", description = "No such session in this project.")
  @GetMapping({
    "/my/projects/{project_id}/analytics/sessions/{session_id}/events",
    "/my/analytics/sessions/{session_id}/events"
  })
  Map<String, Object> ofSession(
      ProjectScope scope,
      @Parameter(schema = @Schema(type = "string", format = "uuid")) @PathVariable("session_id")
          String session,
      Paging paging,
      @Parameter(description = "One type, or several with commas between.")
          @RequestParam(name = "event_type", required = false)
          @Nullable String eventType,
      HttpServletRequest request) {
    List<String> types = EventQuery.types(eventType);
    paging.orderBy(List.of(), "");
    SessionId id =
        IdText.parse(session)
            .map(SessionId::new)
            .orElseThrow(() -> Fault.notFound("Session not found"));
    var page = analytics.ofSession(scope.user(), scope.project(), id, types, paging);
    return Listing.of(request, "events", page.items(), page.total(), paging, page.nextCursor());
  }

  @Operation(operationId = "getProjectUsage", summary = "Sum up what the project's answers used")
  @ApiResponse(responseCode = "200", description = "Usage by key.")
  @ApiResponse(responseCode = "400", description = "A bad time or group.")
  @ApiResponse(responseCode = "404", description = "No such project.")
  @GetMapping("/my/projects/{project_id}/usage")
  UsageResponse usage(
      ProjectScope scope,
      @Parameter(
              description = "Inclusive; a time or a day.",
              schema = @Schema(type = "string", format = "date-time"))
          @RequestParam(required = false)
          @Nullable String from,
      @Parameter(
              description = "Exclusive; a time or a day.",
              schema = @Schema(type = "string", format = "date-time"))
          @RequestParam(required = false)
          @Nullable String to,
      @Parameter(schema = @Schema(implementation = UsageGroup.class, defaultValue = "day"))
          @RequestParam(name = "group_by", required = false)
          @Nullable String groupBy) {
    return usage(scope.user(), scope.project(), from, to, groupBy);
  }

  @Operation(
      operationId = "getUsage",
      summary = "Sum up what the answers in all of one's projects used")
  @ApiResponse(responseCode = "200", description = "Usage by key.")
  @ApiResponse(responseCode = "400", description = "A bad time or group.")
  @GetMapping("/my/usage")
  UsageResponse usageOfAll(
      Caller caller,
      @Parameter(
              description = "Inclusive; a time or a day.",
              schema = @Schema(type = "string", format = "date-time"))
          @RequestParam(required = false)
          @Nullable String from,
      @Parameter(
              description = "Exclusive; a time or a day.",
              schema = @Schema(type = "string", format = "date-time"))
          @RequestParam(required = false)
          @Nullable String to,
      @Parameter(schema = @Schema(implementation = UsageGroup.class, defaultValue = "day"))
          @RequestParam(name = "group_by", required = false)
          @Nullable String groupBy) {
    return usage(caller.user(), null, from, to, groupBy);
  }

  private UsageResponse usage(
      UserId user,
      @Nullable ProjectId project,
      @Nullable String from,
      @Nullable String to,
      @Nullable String groupBy) {
    UsageGroup by = Filters.word("group_by", groupBy, UsageGroup.class);
    return new UsageResponse(
        analytics.usage(
            user,
            project,
            Filters.time("from", from),
            Filters.time("to", to),
            by == null ? UsageGroup.DAY : by));
  }

  @Operation(operationId = "reprocessEvent", summary = "Try again to publish an event that failed")
  @ApiResponse(responseCode = "200", description = "It waits for its next try.")
  @ApiResponse(responseCode = "404", description = "No such event.")
  @ApiResponse(
      responseCode = "409",
      description = "It did not fail.",
      content =
          @Content(
              schema = @Schema(implementation = ErrorResponse.class),
              examples = @ExampleObject(NOT_FAILED)))
  @PostMapping({
    "/my/projects/{project_id}/analytics/events/{event_id}/reprocess",
    "/my/analytics/events/{event_id}/reprocess"
  })
  Reprocessed reprocess(
      ProjectScope scope,
      @Parameter(schema = @Schema(type = "string", format = "uuid")) @PathVariable("event_id")
          String event,
      Idempotency once) {
    EventId id = id(event);
    analytics.reprocess(scope.user(), scope.project(), id, once);
    return new Reprocessed(id, "pending");
  }

  @Operation(
      operationId = "reprocessAnyEvent",
      summary = "Try again to publish anyone's event that failed")
  @ApiResponse(responseCode = "200", description = "It waits for its next try.")
  @ApiResponse(responseCode = "403", description = "The caller does not run the service.")
  @ApiResponse(responseCode = "404", description = "No such event.")
  @ApiResponse(
      responseCode = "409",
      description = "It did not fail.",
      content =
          @Content(
              schema = @Schema(implementation = ErrorResponse.class),
              examples = @ExampleObject(NOT_FAILED)))
  @PostMapping("/admin/events/{event_id}/reprocess")
  Reprocessed reprocessAnyones(
      Caller caller,
      @Parameter(schema = @Schema(type = "string", format = "uuid")) @PathVariable("event_id")
          String event,
      @Parameter(hidden = true) Idempotency once) {
    EventId id = id(event);
    analytics.reprocessAnyones(caller.user(), id, once);
    return new Reprocessed(id, "pending");
  }

  private static EventId id(String text) {
    return IdText.parse(text)
        .map(EventId::new)
        .orElseThrow(() -> Fault.notFound("Event not found"));
  }
}
