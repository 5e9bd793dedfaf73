package dev.artel.chat;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.FinishReason;
import dev.artel.protocol.Latency;
import dev.artel.protocol.MessageId;
import dev.artel.protocol.MessageMode;
import dev.artel.protocol.MessageRole;
import dev.artel.protocol.MessageStatus;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.TaskStatus;
import dev.artel.protocol.Usage;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A message on the wire.
@Schema(name = "MessageResponse")
@JsonInclude(JsonInclude.Include.ALWAYS)
record MessageResponse(
    MessageId id,
    MessageRole role,
    @Schema(example = "The delay comes from Retry-After.") String content,
    @Nullable AgentId agentId,
    @Schema(example = "Code") @Nullable String agentName,
    Instant timestamp,
    @Schema(description = "The structured part of an answer that was JSON.")
        @Nullable Map<String, Object> payload,
    @Nullable MessageMode mode,
    @Nullable TaskId taskId,
    MessageStatus status,
    @Schema(description = "Why it failed, in words.") @Nullable String error,
    @Nullable String errorType,
    @Schema(description = "Of an answer: its question.") @Nullable MessageId userMessageId,
    @Nullable MessageId editedFrom,
    @Nullable MessageId supersededBy,
    @Schema(description = "To whom the user addressed it.") @Nullable String targetAgent,
    @Nullable String clientRef,
    @Nullable String provider,
    @Nullable String model,
    @Schema(description = "Whether the built-in demo model answered.") @Nullable Boolean demo,
    @Nullable Usage usage,
    @Nullable Latency latency,
    @Nullable Integer contextUsed,
    @Nullable FinishReason finishReason,
    @Schema(description = "In a 202: how far the work has come.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable TaskStatus taskStatus) {

  static MessageResponse of(Message message) {
    return new MessageResponse(
        message.id(),
        message.role(),
        message.content(),
        message.agent(),
        message.agentName(),
        message.createdAt(),
        message.payload(),
        message.mode(),
        message.task(),
        message.status(),
        message.error(),
        message.errorType(),
        message.userMessage(),
        message.editedFrom(),
        message.supersededBy(),
        message.targetAgent(),
        message.clientRef(),
        message.provider(),
        message.model(),
        message.demo(),
        message.usage(),
        message.latency(),
        message.contextUsed(),
        message.finishReason(),
        null);
  }

  /// The stored question, while its answer is still to come.
  static MessageResponse accepted(Message question, TaskStatus status) {
    MessageResponse of = of(question);
    return new MessageResponse(
        of.id,
        of.role,
        of.content,
        of.agentId,
        of.agentName,
        of.timestamp,
        of.payload,
        of.mode,
        of.taskId,
        of.status,
        of.error,
        of.errorType,
        of.userMessageId,
        of.editedFrom,
        of.supersededBy,
        of.targetAgent,
        of.clientRef,
        of.provider,
        of.model,
        of.demo,
        of.usage,
        of.latency,
        of.contextUsed,
        of.finishReason,
        status);
  }

  /// An answer that is being written.
  static MessageResponse growing(Message question, MessageId id, String content) {
    return new MessageResponse(
        id,
        MessageRole.ASSISTANT,
        content,
        question.agent(),
        question.agentName(),
        question.createdAt(),
        null,
        question.mode(),
        question.task(),
        MessageStatus.PROCESSING,
        null,
        null,
        question.id(),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }
}
