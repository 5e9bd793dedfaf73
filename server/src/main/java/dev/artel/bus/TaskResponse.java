package dev.artel.bus;

import dev.artel.protocol.AgentId;
import dev.artel.protocol.MessageId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.TaskKind;
import dev.artel.protocol.TaskStatus;
import dev.artel.protocol.Usage;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A task as its user sees it.
@Schema(name = "Task")
record TaskResponse(
    TaskId id,
    @Nullable SessionId sessionId,
    AgentId agentId,
    @Schema(minimum = "1", example = "1") int agentVersion,
    TaskKind kind,
    @Schema(description = "The user's message that it answers.") @Nullable MessageId messageId,
    @Nullable UUID planId,
    @Nullable String planTaskId,
    TaskStatus status,
    @Schema(
            allowableValues = {"approval", "runner", "retry"},
            description = "What it waits for; null when it does not.")
        @Nullable String waitingOn,
    @Nullable UUID approvalId,
    @Schema(
            minimum = "0",
            example = "1",
            description = "Starts, without those that a stopping process gave back.")
        int attempts,
    @Schema(description = "0 ordinary, 1 urgent.", example = "0") int priority,
    List<TaskId> dependsOn,
    @Schema(minimum = "1", description = "Its place in the agent's queue, while it is there.")
        @Nullable Integer queuePosition,
    @Schema(minimum = "0", example = "1") int stepsDone,
    @Schema(description = "The ended task that it repeats.") @Nullable TaskId retryOf,
    @Nullable Usage usage,
    @Nullable Map<String, Object> result,
    @Schema(description = "Why it failed or was cancelled.") @Nullable String error,
    @Nullable String errorType,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant completedAt,
    @Schema(description = "When its running time is used up; waits move it.")
        @Nullable Instant deadlineAt) {}
