package dev.artel.chat;

import dev.artel.base.Fault;
import dev.artel.event.Follow;
import dev.artel.http.Caller;
import dev.artel.http.ProjectScope;
import dev.artel.protocol.SessionId;
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
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/// What happens in a session, as it happens.
@Tag(name = "Chat")
@RestController
class StreamRoutes {
  private final Follow follow;
  private final Sessions sessions;

  StreamRoutes(Follow follow, Sessions sessions) {
    this.follow = follow;
    this.sessions = sessions;
  }

  @Operation(
      operationId = "followSession",
      summary = "Follow a session's events",
      description =
          "NDJSON by default, the same as SSE with Accept: text/event-stream. Without a position"
              + " only what comes from now on; with one exactly what lies behind it, then live.")
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
      name = "client",
      in = ParameterIn.QUERY,
      description = "Shorthand for the types that this client knows.",
      schema = @Schema(type = "string", allowableValues = "vscode"))
  @Parameter(
      name = "deltas",
      in = ParameterIn.QUERY,
      description = "1: also the pieces of growing answers.",
      schema =
          @Schema(
              type = "string",
              allowableValues = {"0", "1"}))
  @Parameter(
      name = "executor",
      in = ParameterIn.QUERY,
      schema =
          @Schema(
              type = "string",
              allowableValues = {"none", "browser", "signal"},
              defaultValue = "signal"))
  @ApiResponse(
      responseCode = "200",
      description = "Lines until the stream ends.",
      content = {
        @Content(mediaType = "application/x-ndjson", schema = @Schema(ref = "Event")),
        @Content(mediaType = "text/event-stream", schema = @Schema(ref = "Event"))
      })
  @GetMapping({
    "/my/projects/{project_id}/chat/{session_id}/events",
    "/my/chat/{session_id}/events"
  })
  void follow(
      Caller caller,
      ProjectScope scope,
      @PathVariable("session_id") SessionId session,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    if (!sessions.exists(scope.user(), scope, session)) {
      throw Fault.notFound("Session not found");
    }
    follow.serve(
        request,
        response,
        caller,
        scope,
        session,
        () -> sessions.exists(scope.user(), scope, session));
  }
}
