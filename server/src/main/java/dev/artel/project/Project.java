package dev.artel.project;

import dev.artel.protocol.ProjectId;
import dev.artel.protocol.UserId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One body of work of one user: a team of agents, their conversations, and a folder.
///
/// @param workspacePath the folder on the user's own machine; never touched by the server
/// @param isDefault whether paths without a project mean this one
/// @param version grows by one with each change
public record Project(
    ProjectId id,
    UserId user,
    String name,
    @Nullable String workspacePath,
    boolean isDefault,
    int version,
    Instant createdAt,
    Instant updatedAt) {}
