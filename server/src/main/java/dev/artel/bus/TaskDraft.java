package dev.artel.bus;

import dev.artel.protocol.AgentId;
import dev.artel.protocol.MessageId;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.TaskKind;
import org.jspecify.annotations.Nullable;

/// Work that asks to be admitted.
///
/// @param message the user's message that it answers
/// @param retryOf the ended task that it repeats
public record TaskDraft(
    TaskId id,
    ProjectId project,
    SessionId session,
    AgentId agent,
    int agentVersion,
    TaskKind kind,
    MessageId message,
    @Nullable TaskId retryOf) {}
