package dev.artel.chat;

import dev.artel.bus.Bus;
import dev.artel.http.Filters;
import dev.artel.http.Idempotency;
import dev.artel.http.Invalid;
import dev.artel.http.ListFields;
import dev.artel.http.Listing;
import dev.artel.http.Paging;
import dev.artel.http.ProjectScope;
import dev.artel.protocol.MessageId;
import dev.artel.protocol.MessageMode;
import dev.artel.protocol.MessageRole;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.TaskId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Messages over HTTP: say, edit, retry, read.
@Tag(name = "Chat")
@RestController
@RequestMapping(
    path = {"/my/projects/{project_id}/chat", "/my/chat"},
    produces = MediaType.APPLICATION_JSON_VALUE)
class MessageRoutes {
  static final int CONTENT_BYTES_MAX = 64 * 1024;
  private static final String PREFER = "respond-async: do not wait for the answer.";
  private static final int TARGET_MAX = 400;
  private static final int CLIENT_REF_MAX = 64;

  private final Messages messages;
  private final History history;
  private final Reply reply;
  private final Bus bus;

  MessageRoutes(Messages messages, History history, Reply reply, Bus bus) {
    this.messages = messages;
    this.history = history;
    this.reply = reply;
    this.bus = bus;
  }

  /// What a user says.
  @Schema(
      name = "MessageRequest",
      example = "{\"content\": \"Why did the second attempt wait?\", \"target_agent\": \"@code\"}")
  record MessageRequest(
      @Schema(description = "At most 64 KiB.", maxLength = CONTENT_BYTES_MAX) @NotBlank
          String content,
      @Schema(
              description =
                  "A UUID, a readable id, a name or @name. Absent: a leading @name in the content,"
                      + " else the answering agent.")
          @Size(min = 1, max = TARGET_MAX)
          @Nullable String targetAgent,
      @Schema(description = "Echoed in the message's event.") @Size(max = CLIENT_REF_MAX)
          @Nullable String clientRef) {

    Messages.Said said() {
      if (content.getBytes(StandardCharsets.UTF_8).length > CONTENT_BYTES_MAX) {
        throw Invalid.at("/content", "must not be longer than 64 KiB", "size");
      }
      return new Messages.Said(content, targetAgent, clientRef);
    }
  }

  /// Whom to ask this time.
  @Schema(name = "RetryRequest", example = "{\"target_agent\": \"Debug\"}")
  record RetryRequest(@Size(min = 1, max = TARGET_MAX) @Nullable String targetAgent) {}

  @Schema(name = "MessageList", allOf = ListFields.class)
  record MessageList(List<MessageResponse> messages, SessionId sessionId) {}

  @Operation(
      operationId = "postMessage",
      summary = "Say something",
      description =
          "Waits for the answer within the wait limit; with Prefer: respond-async, or when it takes"
              + " longer, answers 202 with the stored message and its task.")
  @Parameter(
      name = "Prefer",
      in = ParameterIn.HEADER,
      description = PREFER,
      schema = @Schema(type = "string"),
      example = "respond-async")
  @ApiResponse(responseCode = "200", description = "The answer.")
  @ApiResponse(
      responseCode = "202",
      description = "The stored message; its answer is still to come.")
  @ApiResponse(responseCode = "504", description = "The task's running time is used up.")
  @PostMapping("/{session_id}/message")
  ResponseEntity<MessageResponse> post(
      ProjectScope scope,
      @PathVariable("session_id") SessionId session,
      @Valid @RequestBody MessageRequest body,
      @Parameter(hidden = true) @RequestHeader(name = "Prefer", required = false)
          @Nullable String prefer,
      Idempotency once)
      throws InterruptedException {
    return answering(
        scope,
        prefer,
        task -> messages.post(scope.user(), scope, session, body.said(), task, once));
  }

  @Operation(
      operationId = "editMessage",
      summary = "Say something else instead",
      description =
          "The message and all later ones are stopped and superseded. Answers as the message POST"
              + " does.")
  @Parameter(
      name = "Prefer",
      in = ParameterIn.HEADER,
      description = PREFER,
      schema = @Schema(type = "string"),
      example = "respond-async")
  @ApiResponse(responseCode = "200", description = "The answer.")
  @ApiResponse(
      responseCode = "202",
      description = "The stored message; its answer is still to come.")
  @ApiResponse(responseCode = "409", description = "It was edited before.")
  @ApiResponse(responseCode = "504", description = "The task's running time is used up.")
  @PostMapping("/{session_id}/messages/{message_id}/edit")
  ResponseEntity<MessageResponse> edit(
      ProjectScope scope,
      @PathVariable("session_id") SessionId session,
      @PathVariable("message_id") MessageId message,
      @Valid @RequestBody MessageRequest body,
      @Parameter(hidden = true) @RequestHeader(name = "Prefer", required = false)
          @Nullable String prefer,
      Idempotency once)
      throws InterruptedException {
    return answering(
        scope,
        prefer,
        task -> messages.edit(scope.user(), scope, session, message, body.said(), task, once));
  }

  @Operation(
      operationId = "retryMessage",
      summary = "Ask the same again",
      description =
          "An earlier answer is superseded when the new one comes. Answers as the message POST"
              + " does.")
  @Parameter(
      name = "Prefer",
      in = ParameterIn.HEADER,
      description = PREFER,
      schema = @Schema(type = "string"),
      example = "respond-async")
  @ApiResponse(responseCode = "200", description = "The answer.")
  @ApiResponse(
      responseCode = "202",
      description = "The stored message; its answer is still to come.")
  @ApiResponse(responseCode = "409", description = "It is still being answered.")
  @ApiResponse(responseCode = "504", description = "The task's running time is used up.")
  @PostMapping("/{session_id}/messages/{message_id}/retry")
  ResponseEntity<MessageResponse> retry(
      ProjectScope scope,
      @PathVariable("session_id") SessionId session,
      @PathVariable("message_id") MessageId message,
      @Valid @RequestBody(required = false) @Nullable RetryRequest body,
      @Parameter(hidden = true) @RequestHeader(name = "Prefer", required = false)
          @Nullable String prefer,
      Idempotency once)
      throws InterruptedException {
    String target = body == null ? null : body.targetAgent();
    return answering(
        scope,
        prefer,
        task -> messages.retry(scope.user(), scope, session, message, target, task, once));
  }

  /// Stores a message and waits for its answer, as long as the caller is willing to.
  private ResponseEntity<MessageResponse> answering(
      ProjectScope scope, @Nullable String prefer, Function<TaskId, Messages.Taken> take)
      throws InterruptedException {
    TaskId task = messages.nextTask();
    try (Bus.Wait wait = bus.expect(task)) {
      Messages.Taken taken = take.apply(task);
      return reply.to(scope.user(), taken, wait, respondsAsync(prefer));
    }
  }

  private static boolean respondsAsync(@Nullable String prefer) {
    return prefer != null && prefer.contains("respond-async");
  }

  @Operation(
      operationId = "listMessages",
      summary = "List a session's messages",
      description = "The newest page, chronological inside; next_cursor leads to older ones.")
  @ApiResponse(
      responseCode = "200",
      description = "A page of messages.",
      content = @Content(schema = @Schema(implementation = MessageList.class)))
  @GetMapping({"/sessions/{session_id}/messages", "/{session_id}/messages"})
  Map<String, Object> list(
      ProjectScope scope,
      @PathVariable("session_id") SessionId session,
      Paging paging,
      @Parameter(schema = @Schema(implementation = MessageRole.class))
          @RequestParam(required = false)
          @Nullable String role,
      @Parameter(
              description = "The id of a message that the page should have in its middle.",
              schema = @Schema(type = "string", format = "uuid"))
          @RequestParam(required = false)
          @Nullable String around,
      @Parameter(
              description = "superseded: also what was edited or answered anew.",
              schema = @Schema(type = "string", allowableValues = "superseded"))
          @RequestParam(required = false)
          @Nullable String include,
      HttpServletRequest request) {
    refuseSorting(paging);
    Boolean superseded =
        Filters.value(
            "include", include, "superseded", text -> text.equals("superseded") ? true : null);
    MessageId middle = Filters.id("around", around, MessageId::new);
    var filter =
        new MessageReader.Filter(
            Filters.word("role", role, MessageRole.class),
            Boolean.TRUE.equals(superseded),
            History.cursor(paging));
    History.Page page = history.page(scope.user(), scope, session, filter, middle, paging);
    Map<String, Object> body =
        Listing.of(
            request,
            "messages",
            page.messages().stream().map(MessageResponse::of).toList(),
            page.total(),
            new Paging(
                paging.limit(),
                page.offset(),
                paging.cursor(),
                paging.sortBy(),
                paging.descending()),
            page.nextCursor());
    body.put("session_id", session);
    return body;
  }

  /// For lists that have one order.
  static void refuseSorting(Paging paging) {
    String _ = paging.orderBy(List.of(), "");
  }

  @Operation(
      operationId = "getMessage",
      summary = "Read one message",
      description = "An answer that is being written comes with its text so far.")
  @ApiResponse(responseCode = "200", description = "The message.")
  @GetMapping("/{session_id}/messages/{message_id}")
  MessageResponse get(
      ProjectScope scope,
      @PathVariable("session_id") SessionId session,
      @PathVariable("message_id") MessageId message) {
    return history.message(scope.user(), scope, session, message);
  }

  /// Answers of one kind of mode.
  @Schema(name = "ChatStats")
  record Stats(
      long direct,
      long orchestrated,
      @Nullable Double directAverageMs,
      @Nullable Double orchestratedAverageMs) {}

  @Operation(operationId = "chatStats", summary = "Count answers by mode")
  @ApiResponse(responseCode = "200", description = "Counts and average durations.")
  @GetMapping("/stats")
  Stats stats(ProjectScope scope) {
    var direct = new MessageReader.ModeStats(MessageMode.DIRECT, 0, null);
    var orchestrated = new MessageReader.ModeStats(MessageMode.ORCHESTRATED, 0, null);
    for (MessageReader.ModeStats mode : history.stats(scope.user(), scope)) {
      switch (mode.mode()) {
        case DIRECT -> direct = mode;
        case ORCHESTRATED -> orchestrated = mode;
      }
    }
    return new Stats(
        direct.count(), orchestrated.count(), direct.averageMillis(), orchestrated.averageMillis());
  }
}
