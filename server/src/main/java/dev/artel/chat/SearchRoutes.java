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
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
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
  @Parameter(
      name = "q",
      in = ParameterIn.QUERY,
      required = true,
      schema = @Schema(type = "string", minLength = WORDS_MIN, maxLength = WORDS_MAX))
  @Parameter(
      name = "session_id",
      in = ParameterIn.QUERY,
      schema = @Schema(type = "string", format = "uuid"))
  @Parameter(
      name = "role",
      in = ParameterIn.QUERY,
      schema = @Schema(implementation = MessageRole.class))
  @Parameter(
      name = "from",
      in = ParameterIn.QUERY,
      schema = @Schema(type = "string", format = "date-time"))
  @Parameter(
      name = "to",
      in = ParameterIn.QUERY,
      schema = @Schema(type = "string", format = "date-time"))
  @ApiResponse(
      responseCode = "200",
      description = "A page of hits.",
      content = @Content(schema = @Schema(implementation = Results.class)))
  @GetMapping(
      path = {"/my/projects/{project_id}/chat/search", "/my/chat/search"},
      produces = MediaType.APPLICATION_JSON_VALUE)
  Map<String, Object> inProject(
      @Parameter(hidden = true) ProjectScope scope,
      @Parameter(hidden = true) Paging paging,
      HttpServletRequest request) {
    var filters = Filters.of(request, "q", "session_id", "role", "from", "to");
    return answer(scope.user(), scope.project(), filters, paging, request);
  }

  @Operation(
      operationId = "searchAll",
      summary = "Find messages of all projects by their words",
      description = "As the search of a project, over all of the caller's projects.")
  @Parameter(
      name = "q",
      in = ParameterIn.QUERY,
      required = true,
      schema = @Schema(type = "string", minLength = WORDS_MIN, maxLength = WORDS_MAX))
  @Parameter(
      name = "project_id",
      in = ParameterIn.QUERY,
      schema = @Schema(type = "string", format = "uuid"))
  @Parameter(
      name = "session_id",
      in = ParameterIn.QUERY,
      schema = @Schema(type = "string", format = "uuid"))
  @Parameter(
      name = "role",
      in = ParameterIn.QUERY,
      schema = @Schema(implementation = MessageRole.class))
  @Parameter(
      name = "from",
      in = ParameterIn.QUERY,
      schema = @Schema(type = "string", format = "date-time"))
  @Parameter(
      name = "to",
      in = ParameterIn.QUERY,
      schema = @Schema(type = "string", format = "date-time"))
  @ApiResponse(
      responseCode = "200",
      description = "A page of hits.",
      content = @Content(schema = @Schema(implementation = Results.class)))
  @GetMapping(path = "/my/search", produces = MediaType.APPLICATION_JSON_VALUE)
  Map<String, Object> everywhere(
      @Parameter(hidden = true) Caller caller,
      @Parameter(hidden = true) Paging paging,
      HttpServletRequest request) {
    var filters = Filters.of(request, "q", "project_id", "session_id", "role", "from", "to");
    return answer(
        caller.user(), id(filters, "project_id", ProjectId::of), filters, paging, request);
  }

  private Map<String, Object> answer(
      UserId user,
      @Nullable ProjectId project,
      Filters filters,
      Paging paging,
      HttpServletRequest request) {
    String words = filters.text("q");
    if (words == null || words.length() < WORDS_MIN || words.length() > WORDS_MAX) {
      throw Invalid.at(
          "q", "must have %d to %d characters".formatted(WORDS_MIN, WORDS_MAX), "size");
    }
    var query =
        new Search.Query(
            words,
            project,
            id(filters, "session_id", SessionId::of),
            filters.word("role", MessageRole.class),
            filters.time("from"),
            filters.time("to"));
    Search.Page page = search.find(user, query, paging);
    return Listing.of(
        request, "results", page.hits().stream().map(Found::of).toList(), page.total(), paging);
  }

  private static <T> @Nullable T id(Filters filters, String field, Function<String, T> of) {
    return filters.value(
        field,
        "a UUID",
        text -> {
          try {
            return of.apply(text);
          } catch (IllegalArgumentException _) {
            return null;
          }
        });
  }
}
