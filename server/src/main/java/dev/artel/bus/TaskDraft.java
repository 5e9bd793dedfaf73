package dev.artel.bus;

import dev.artel.protocol.AgentId;
import dev.artel.protocol.MessageId;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.TaskKind;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Work that asks to be admitted.
///
/// @param session the one whose turn it is, for messages one after another
/// @param message the user's message that it answers
/// @param retryOf the ended task that it repeats
/// @param dependsOn tasks of the same user that must have completed before it starts
public record TaskDraft(
    TaskId id,
    ProjectId project,
    @Nullable SessionId session,
    AgentId agent,
    int agentVersion,
    TaskKind kind,
    @Nullable MessageId message,
    @Nullable TaskId retryOf,
    Priority priority,
    Set<TaskId> dependsOn) {
  public TaskDraft {
    dependsOn = Set.copyOf(dependsOn);
  }

  /// Ordinary work that depends on nothing.
  public TaskDraft(
      TaskId id,
      ProjectId project,
      SessionId session,
      AgentId agent,
      int agentVersion,
      TaskKind kind,
      MessageId message,
      @Nullable TaskId retryOf) {
    this(
        id,
        project,
        session,
        agent,
        agentVersion,
        kind,
        message,
        retryOf,
        Priority.NORMAL,
        Set.of());
  }
}
