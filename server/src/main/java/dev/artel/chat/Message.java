package dev.artel.chat;

import dev.artel.protocol.AgentId;
import dev.artel.protocol.FinishReason;
import dev.artel.protocol.Latency;
import dev.artel.protocol.MessageId;
import dev.artel.protocol.MessageMode;
import dev.artel.protocol.MessageRole;
import dev.artel.protocol.MessageStatus;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.Usage;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One stored message. Fields that only an answer has are null on a question, and the reverse.
record Message(
    MessageId id,
    SessionId session,
    long ordinal,
    MessageRole role,
    String content,
    @Nullable Map<String, Object> payload,
    @Nullable AgentId agent,
    @Nullable String agentName,
    @Nullable String targetAgent,
    @Nullable MessageMode mode,
    MessageStatus status,
    @Nullable String error,
    @Nullable String errorType,
    @Nullable TaskId task,
    @Nullable MessageId userMessage,
    @Nullable MessageId editedFrom,
    @Nullable MessageId supersededBy,
    @Nullable String clientRef,
    @Nullable String provider,
    @Nullable String model,
    @Nullable Boolean demo,
    @Nullable Usage usage,
    @Nullable Latency latency,
    @Nullable FinishReason finishReason,
    @Nullable Integer contextUsed,
    Instant createdAt) {}
