package dev.artel.agent;

import dev.artel.db.Tx;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.UserId;
import java.util.Map;

/// How much work the agents of a project have. Adapted from the bus.
interface AgentLoad {
  /// The queues of all agents of a project by one statement; an agent without work may be missing.
  Map<AgentId, Queue> of(Tx tx, UserId user, ProjectId project);

  /// The queue of an agent without work.
  Queue idle();

  /// One agent's queue.
  ///
  /// @param size tasks that wait for the agent
  /// @param capacity how many may wait
  /// @param active tasks that run
  /// @param waiting tasks that are parked until a person, a runner or the clock wakes them
  record Queue(int size, int capacity, int active, int waiting) {}
}
