package dev.artel.bus;

import dev.artel.protocol.AgentId;
import dev.artel.protocol.MessageId;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.TaskKind;
import org.jspecify.annotations.Nullable;

/// A task by what it belongs to.
///
/// @param message the user's message that it answers
public record TaskRef(
    TaskId id,
    ProjectId project,
    @Nullable SessionId session,
    AgentId agent,
    TaskKind kind,
    @Nullable MessageId message) {}
