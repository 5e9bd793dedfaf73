package dev.artel.chat;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.artel.http.Change;
import dev.artel.http.Invalid;
import dev.artel.http.ProjectScope;
import dev.artel.protocol.MessageId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.Words;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// The line of a session's messages over HTTP: stop, change, move, drop.
@Tag(name = "Chat")
@RestController
@RequestMapping(
    path = {"/my/projects/{project_id}/chat/{session_id}", "/my/chat/{session_id}"},
    produces = MediaType.APPLICATION_JSON_VALUE)
class LineRoutes {
  private final MessageLine line;

  LineRoutes(MessageLine line) {
    this.line = line;
  }

  /// What becomes of the messages that wait.
  enum Queued implements Words {
    KEEP,
    DROP;

    @Override
    @JsonValue
    public String word() {
      return Words.super.word();
    }
  }

  @Schema(name = "StopRequest", example = "{\"queued\": \"keep\"}")
  record StopRequest(
      @Schema(description = "Only this one; absent: whatever runs.") @Nullable MessageId messageId,
      @Schema(defaultValue = "keep") @Nullable Queued queued) {}

  @Schema(
      name = "StopResponse",
      example = "{\"stopped\": [\"0199c1f0-0000-7000-8000-000000000001\"], \"dropped\": []}")
  record StopResponse(List<MessageId> stopped, List<MessageId> dropped) {}

  /// What of a waiting message is to change.
  @Schema(name = "MessagePatch", example = "{\"content\": \"Then add a test.\"}")
  record MessagePatch(
      @Schema(implementation = String.class) Change<String> content,
      @Schema(implementation = String.class, nullable = true) Change<String> targetAgent,
      @Schema(description = "The id of the waiting message before which it should come.")
          @Nullable MessageId before) {}

  @Operation(
      operationId = "stopSession",
      summary = "Stop what runs",
      description =
          "The text so far is kept as a cancelled answer. Both lists are empty when nothing ran.")
  @ApiResponse(responseCode = "200", description = "Ids of the questions that were stopped.")
  @PostMapping("/stop")
  StopResponse stop(
      ProjectScope scope,
      @PathVariable("session_id") SessionId session,
      @RequestBody(required = false) @Nullable StopRequest body) {
    MessageLine.Stopped stopped =
        line.stop(
            scope.user(),
            scope,
            session,
            body == null ? null : body.messageId(),
            body != null && body.queued() == Queued.DROP);
    return new StopResponse(stopped.stopped(), stopped.dropped());
  }

  @Operation(operationId = "updateQueuedMessage", summary = "Change or move a waiting message")
  @ApiResponse(responseCode = "200", description = "The message as it is now.")
  @ApiResponse(responseCode = "409", description = "It was taken up already.")
  @PatchMapping("/messages/{message_id}")
  MessageResponse update(
      ProjectScope scope,
      @PathVariable("session_id") SessionId session,
      @PathVariable("message_id") MessageId message,
      @RequestBody MessagePatch body) {
    switch (body.content()) {
      case Change.SetTo<String>(String content) -> {
        if (content.isBlank()) {
          throw Invalid.at("/content", "must not be blank", "not_blank");
        }
        if (content.getBytes(StandardCharsets.UTF_8).length > MessageRoutes.CONTENT_BYTES_MAX) {
          throw Invalid.at("/content", "must not be longer than 64 KiB", "size");
        }
      }
      case Change.Reset<String> _ -> throw Invalid.at("/content", "must not be null", "not_null");
      case Change.Keep<String> _ -> {}
    }
    return MessageResponse.of(
        line.change(
            scope.user(),
            scope,
            session,
            message,
            new MessageLine.Edit(body.content(), body.targetAgent(), body.before())));
  }

  @Operation(operationId = "dropQueuedMessage", summary = "Drop a waiting message")
  @ApiResponse(responseCode = "204", description = "Gone.")
  @ApiResponse(responseCode = "409", description = "It was taken up already.")
  @DeleteMapping("/messages/{message_id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void drop(
      ProjectScope scope,
      @PathVariable("session_id") SessionId session,
      @PathVariable("message_id") MessageId message) {
    line.drop(scope.user(), scope, session, message);
  }
}
