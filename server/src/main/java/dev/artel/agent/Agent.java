package dev.artel.agent;

import dev.artel.protocol.AgentId;
import dev.artel.protocol.AgentStatus;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.UserId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One member of a project's team, as it is now.
///
/// @param readableId `user{id}_{name}_{version}`
/// @param version grows by one with each change of name or configuration
public record Agent(
    AgentId id,
    UserId user,
    ProjectId project,
    String name,
    String readableId,
    AgentConfig config,
    AgentStatus status,
    int version,
    @Nullable String lastError,
    Instant createdAt,
    Instant updatedAt) {}
