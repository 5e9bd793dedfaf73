package dev.artel.bus;

import dev.artel.protocol.AgentId;
import dev.artel.protocol.TaskId;
import java.util.Map;

/// What a task is handed of one that it depends on.
public sealed interface TaskInput {
  /// The task that made it.
  TaskId task();

  /// The agent that ran it.
  AgentId agent();

  /// The result as it is.
  record Whole(TaskId task, AgentId agent, Map<String, Object> result) implements TaskInput {
    public Whole {
      result = Map.copyOf(result);
    }
  }

  /// A result too large to be carried along: whoever needs it reads the task.
  record Reference(TaskId task, AgentId agent, int bytes) implements TaskInput {}
}
