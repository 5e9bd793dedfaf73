package dev.artel.chat;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.Event;
import dev.artel.protocol.EventId;
import dev.artel.protocol.MessageId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.TaskId;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A session on the wire. The last three fields come with a single session only.
@Schema(name = "SessionResponse")
@JsonInclude(JsonInclude.Include.ALWAYS)
record SessionResponse(
    SessionId id,
    @Schema(
            description = "Null until the first message, whose beginning it then is.",
            example = "Payment retries")
        @Nullable String title,
    Instant createdAt,
    Instant updatedAt,
    @Schema(description = "Messages that are not superseded.") long messageCount,
    Session.State state,
    @Schema(description = "Messages that wait for their turn.") int queuedCount,
    @Schema(description = "The beginning of the latest answer.") @Nullable String preview,
    @Nullable Instant lastMessageAt,
    boolean pinned,
    boolean archived,
    Event.@Nullable ForkedFrom forkedFrom,
    @Schema(description = "The newest messages, oldest first.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable List<MessageResponse> messages,
    @Schema(description = "Answers that are being written.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable List<RunningAnswer> running,
    @Schema(
            description =
                "Open the stream with it: nothing between this answer and the stream is missed.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable EventId lastEventId) {

  /// An answer that is being written, with its text so far.
  @Schema(name = "RunningAnswer")
  record RunningAnswer(
      @Schema(description = "The id that the answer will have.") MessageId messageId,
      MessageId userMessageId,
      TaskId taskId,
      @Nullable AgentId agentId,
      @Nullable String agentName,
      String content) {}

  static SessionResponse of(Session session) {
    return new SessionResponse(
        session.id(),
        session.title(),
        session.createdAt(),
        session.updatedAt(),
        session.messageCount(),
        session.state(),
        session.queuedCount(),
        session.preview(),
        session.lastMessageAt(),
        session.pinned(),
        session.archived(),
        session.forkedFrom(),
        null,
        null,
        null);
  }

  SessionResponse with(
      List<MessageResponse> latest, List<RunningAnswer> answers, @Nullable EventId position) {
    return new SessionResponse(
        id,
        title,
        createdAt,
        updatedAt,
        messageCount,
        state,
        queuedCount,
        preview,
        lastMessageAt,
        pinned,
        archived,
        forkedFrom,
        latest,
        answers,
        position);
  }
}
