package dev.artel.bus;

import dev.artel.db.Tx;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.UserId;

/// What tasks were made for, kept by another package: it hears of an end that no run stores, and
/// makes the work anew. Always in the transaction that moves the task. Implemented by chat.
public interface Origin {
  /// Locks what comes before the task in the order of locks.
  void hold(Tx tx, UserId user, TaskRef task);

  /// The task was cancelled while it waited in its queue.
  void cancelled(Tx tx, UserId user, TaskRef task, String reason);

  /// Submits the same work to the same agent once more, behind what waits.
  ///
  /// @param ended the task that ended
  /// @param again the id that the new one gets
  void again(Tx tx, UserId user, TaskRef ended, TaskId again);
}
