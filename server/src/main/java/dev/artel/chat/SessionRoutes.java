package dev.artel.chat;

import dev.artel.http.Change;
import dev.artel.http.Filters;
import dev.artel.http.Idempotency;
import dev.artel.http.Invalid;
import dev.artel.http.ListFields;
import dev.artel.http.Listing;
import dev.artel.http.Paging;
import dev.artel.http.ProjectScope;
import dev.artel.protocol.MessageId;
import dev.artel.protocol.SessionId;
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
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// Sessions over HTTP.
@Tag(name = "Chat")
@RestController
@RequestMapping(
    path = {"/my/projects/{project_id}/chat", "/my/chat"},
    produces = MediaType.APPLICATION_JSON_VALUE)
class SessionRoutes {
  private static final int TITLE_MAX = 200;

  private final Sessions sessions;
  private final History history;

  SessionRoutes(Sessions sessions, History history) {
    this.sessions = sessions;
    this.history = history;
  }

  @Schema(name = "SessionList", allOf = ListFields.class)
  record SessionList(List<SessionResponse> sessions) {}

  /// A session to make.
  @Schema(name = "SessionRequest", example = "{\"title\": \"Payment retries\"}")
  record SessionRequest(@Size(min = 1, max = TITLE_MAX) @Nullable String title) {}

  /// What of a session is to change; a title of null gives it none.
  @Schema(
      name = "SessionPatch",
      example = "{\"title\": \"Payment retries\", \"pinned\": true, \"archived\": false}")
  record SessionPatch(
      @Schema(implementation = String.class, minLength = 1, maxLength = TITLE_MAX, nullable = true)
          Change<String> title,
      @Schema(implementation = Boolean.class, nullable = true) Change<Boolean> pinned,
      @Schema(implementation = Boolean.class, nullable = true) Change<Boolean> archived) {}

  /// Where a branch begins and what it is called.
  @Schema(name = "ForkRequest", example = "{\"title\": \"Another way\"}")
  record ForkRequest(
      @Nullable MessageId messageId, @Size(min = 1, max = TITLE_MAX) @Nullable String title) {}

  @Operation(operationId = "createSession", summary = "Begin a session")
  @ApiResponse(responseCode = "201", description = "The new session.")
  @PostMapping("/sessions")
  @ResponseStatus(HttpStatus.CREATED)
  SessionResponse create(
      ProjectScope scope,
      @Valid @RequestBody(required = false) @Nullable SessionRequest body,
      Idempotency once) {
    return SessionResponse.of(
        sessions.create(scope.user(), scope, body == null ? null : titled(body.title()), once));
  }

  private static @Nullable String titled(@Nullable String title) {
    if (title != null && title.isBlank()) {
      throw Invalid.at("/title", "must not be blank", "not_blank");
    }
    return title;
  }

  @Operation(
      operationId = "listSessions",
      summary = "List the project's sessions",
      description = "Pinned ones first, then by latest activity.")
  @ApiResponse(
      responseCode = "200",
      description = "A page of sessions.",
      content = @Content(schema = @Schema(implementation = SessionList.class)))
  @GetMapping("/sessions")
  Map<String, Object> list(
      ProjectScope scope,
      Paging paging,
      @Parameter(description = "A part of the title, ignoring letter case.")
          @RequestParam(required = false)
          @Nullable String q,
      @Parameter(schema = @Schema(type = "boolean")) @RequestParam(required = false)
          @Nullable String pinned,
      @Parameter(schema = @Schema(type = "boolean", defaultValue = "false"))
          @RequestParam(required = false)
          @Nullable String archived,
      HttpServletRequest request) {
    var filter =
        new SessionStore.Filter(
            Filters.text("q", q),
            Filters.flag("pinned", pinned),
            Boolean.TRUE.equals(Filters.flag("archived", archived)));
    Sessions.Page page = sessions.list(scope.user(), scope, filter, paging);
    return Listing.of(
        request,
        "sessions",
        page.sessions().stream().map(SessionResponse::of).toList(),
        page.total(),
        paging);
  }

  @Operation(
      operationId = "getSession",
      summary = "Open a session",
      description =
          "With its newest messages, its growing answers and last_event_id: open the stream with it"
              + " and nothing is missed or seen twice.")
  @ApiResponse(responseCode = "200", description = "The session.")
  @GetMapping({"/sessions/{session_id}", "/{session_id}"})
  SessionResponse get(ProjectScope scope, @PathVariable("session_id") SessionId session) {
    return history.open(scope.user(), scope, session);
  }

  @Operation(operationId = "updateSession", summary = "Rename, pin or archive a session")
  @ApiResponse(responseCode = "200", description = "The session as it is now.")
  @PatchMapping("/sessions/{session_id}")
  SessionResponse update(
      ProjectScope scope,
      @PathVariable("session_id") SessionId session,
      @RequestBody SessionPatch body) {
    if (body.title() instanceof Change.SetTo<String>(String title)
        && (title.isBlank() || title.length() > TITLE_MAX)) {
      throw Invalid.at("/title", "must have 1 to %d characters".formatted(TITLE_MAX), "size");
    }
    return SessionResponse.of(
        sessions.change(
            scope.user(),
            scope,
            session,
            new Sessions.Edit(body.title(), body.pinned(), body.archived())));
  }

  @Operation(
      operationId = "forkSession",
      summary = "Branch a session",
      description =
          "A session of its own with copies of the messages up to and with the given one; all,"
              + " without one.")
  @ApiResponse(responseCode = "201", description = "The branch.")
  @PostMapping("/sessions/{session_id}/fork")
  @ResponseStatus(HttpStatus.CREATED)
  SessionResponse fork(
      ProjectScope scope,
      @PathVariable("session_id") SessionId session,
      @Valid @RequestBody(required = false) @Nullable ForkRequest body,
      Idempotency once) {
    return SessionResponse.of(
        sessions.fork(
            scope.user(),
            scope,
            session,
            body == null ? null : body.messageId(),
            body == null ? null : titled(body.title()),
            once));
  }

  @Operation(
      operationId = "deleteSession",
      summary = "Delete a session",
      description = "Its messages and events go too; its streams get a last line and close.")
  @ApiResponse(responseCode = "204", description = "Gone.")
  @DeleteMapping("/sessions/{session_id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(ProjectScope scope, @PathVariable("session_id") SessionId session) {
    sessions.delete(scope.user(), scope, session);
  }
}
