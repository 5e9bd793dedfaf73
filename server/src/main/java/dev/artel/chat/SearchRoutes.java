package dev.artel.chat;

import dev.artel.http.Caller;
import dev.artel.http.Filters;
import dev.artel.http.Invalid;
import dev.artel.http.ListFields;
import dev.artel.http.Listing;
import dev.artel.http.Paging;
import dev.artel.http.ProjectScope;
import dev.artel.protocol.MessageId;
import dev.artel.protocol.MessageRole;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.UserId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Search over one's own chats.
@Tag(name = "Chat")
@RestController
class SearchRoutes {
  private static final int WORDS_MIN = 2;
  private static final int WORDS_MAX = 200;

  private final Search search;

  SearchRoutes(Search search) {
    this.search = search;
  }

  /// A message that was found.
  @Schema(name = "SearchResult")
  record Found(
      ProjectId projectId,
      SessionId sessionId,
      @Nullable String sessionTitle,
      MessageId messageId,
      MessageRole role,
      @Nullable String agentName,
      String snippet,
      List<Search.Highlight> highlights,
      Instant timestamp,
      double rank) {
    static Found of(Search.Hit hit) {
      return new Found(
          hit.project(),
          hit.session(),
          hit.sessionTitle(),
          hit.message(),
          hit.role(),
          hit.agentName(),
          hit.snippet(),
          hit.highlights(),
          hit.timestamp(),
          hit.rank());
    }
  }

  @Schema(name = "SearchResults", allOf = ListFields.class)
  record Results(List<Found> results) {}

  @Operation(
      operationId = "searchProject",
      summary = "Find messages of a project by their words",
      description = "In Russian and English, whatever form a word stands in; best first.")
  @ApiResponse(
      responseCode = "200",
      description = "A page of hits.",
      content = @Content(schema = @Schema(implementation = Results.class)))
  @ApiResponse(responseCode = "422", description = "The words are missing, too few or too many.")
  @GetMapping(
      path = {"/my/projects/{project_id}/chat/search", "/my/chat/search"},
      produces = MediaType.APPLICATION_JSON_VALUE)
  Map<String, Object> inProject(
      ProjectScope scope,
      Paging paging,
      @Parameter(
              schema = @Schema(type = "string", minLength = WORDS_MIN, maxLength = WORDS_MAX),
              required = true)
          @RequestParam(required = false)
          @Nullable String q,
      @Parameter(schema = @Schema(type = "string", format = "uuid"))
          @RequestParam(name = "session_id", required = false)
          @Nullable String session,
      @Parameter(schema = @Schema(implementation = MessageRole.class))
          @RequestParam(required = false)
          @Nullable String role,
      @Parameter(schema = @Schema(type = "string", format = "date-time"))
          @RequestParam(required = false)
          @Nullable String from,
      @Parameter(schema = @Schema(type = "string", format = "date-time"))
          @RequestParam(required = false)
          @Nullable String to,
      HttpServletRequest request) {
    return answer(
        scope.user(), query(q, scope.project(), session, role, from, to), paging, request);
  }

  @Operation(
      operationId = "searchAll",
      summary = "Find messages of all projects by their words",
      description = "As the search of a project, over all of the caller's projects.")
  @ApiResponse(
      responseCode = "200",
      description = "A page of hits.",
      content = @Content(schema = @Schema(implementation = Results.class)))
  @ApiResponse(responseCode = "422", description = "The words are missing, too few or too many.")
  @GetMapping(path = "/my/search", produces = MediaType.APPLICATION_JSON_VALUE)
  Map<String, Object> everywhere(
      Caller caller,
      Paging paging,
      @Parameter(
              schema = @Schema(type = "string", minLength = WORDS_MIN, maxLength = WORDS_MAX),
              required = true)
          @RequestParam(required = false)
          @Nullable String q,
      @Parameter(schema = @Schema(type = "string", format = "uuid"))
          @RequestParam(name = "project_id", required = false)
          @Nullable String project,
      @Parameter(schema = @Schema(type = "string", format = "uuid"))
          @RequestParam(name = "session_id", required = false)
          @Nullable String session,
      @Parameter(schema = @Schema(implementation = MessageRole.class))
          @RequestParam(required = false)
          @Nullable String role,
      @Parameter(schema = @Schema(type = "string", format = "date-time"))
          @RequestParam(required = false)
          @Nullable String from,
      @Parameter(schema = @Schema(type = "string", format = "date-time"))
          @RequestParam(required = false)
          @Nullable String to,
      HttpServletRequest request) {
    ProjectId in = Filters.id("project_id", project, ProjectId::new);
    return answer(caller.user(), query(q, in, session, role, from, to), paging, request);
  }

  private static Search.Query query(
      @Nullable String words,
      @Nullable ProjectId project,
      @Nullable String session,
      @Nullable String role,
      @Nullable String from,
      @Nullable String to) {
    String text = Filters.text("q", words);
    if (text == null || text.length() < WORDS_MIN || text.length() > WORDS_MAX) {
      throw Invalid.at(
          "q", "must have %d to %d characters".formatted(WORDS_MIN, WORDS_MAX), "size");
    }
    return new Search.Query(
        text,
        project,
        Filters.id("session_id", session, SessionId::new),
        Filters.word("role", role, MessageRole.class),
        Filters.time("from", from),
        Filters.time("to", to));
  }

  private Map<String, Object> answer(
      UserId user, Search.Query query, Paging paging, HttpServletRequest request) {
    MessageRoutes.refuseSorting(paging);
    Search.Page page = search.find(user, query, paging);
    return Listing.of(
        request, "results", page.hits().stream().map(Found::of).toList(), page.total(), paging);
  }
}
