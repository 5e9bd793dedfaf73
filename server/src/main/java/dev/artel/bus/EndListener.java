package dev.artel.bus;

import dev.artel.db.Tx;
import dev.artel.protocol.UserId;
import java.time.Duration;

/// Hears of each run's end in the transaction that writes it, with the task's row locked. What it
/// writes stands or falls with the end. Implemented by agent.
public interface EndListener {
  /// @param took running time of the attempt that ended
  void ended(Tx tx, UserId user, Claim claim, TaskEnd end, Duration took);
}
