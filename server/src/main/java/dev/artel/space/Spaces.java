package dev.artel.space;

import dev.artel.bus.Bus;
import dev.artel.bus.TaskDraft;
import dev.artel.db.Tx;
import dev.artel.protocol.UserId;

/// The door to a project's team: work for one of its agents goes through here.
public final class Spaces {
  private final Bus bus;

  Spaces(Bus bus) {
    this.bus = bus;
  }

  /// Hands a turn to its agent, in the transaction that stores the message.
  public void hand(Tx tx, UserId user, TaskDraft turn) {
    bus.submit(tx, user, turn);
  }
}
