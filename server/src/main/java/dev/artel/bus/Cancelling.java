package dev.artel.bus;

import dev.artel.db.Db;
import dev.artel.db.Tx;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.UserId;
import java.util.Optional;
import java.util.function.Supplier;

/// Cancels a task whatever its state, and lets what it was made for know.
final class Cancelling implements Registrations.Work {
  private final Db db;
  private final Bus bus;
  private final Supplier<Origin> origin;
  private final TaskReader reader = new TaskReader();

  Cancelling(Db db, Bus bus, Supplier<Origin> origin) {
    this.db = db;
    this.bus = bus;
    this.origin = origin;
  }

  Origin origin() {
    return origin.get();
  }

  /// What waits ends here; what runs is told to stop and stores its end itself.
  ///
  /// @return whether there was anything to end
  boolean cancel(Tx tx, UserId user, TaskRef task, String reason) {
    Origin kept = origin.get();
    kept.hold(tx, user, task);
    if (bus.cancelQueued(tx, user, task.project(), task.session(), task.id(), reason)) {
      kept.cancelled(tx, user, task, reason);
      return true;
    }
    boolean open =
        bus.status(tx, user, task.id()).filter(status -> !TaskMachine.isEnd(status)).isPresent();
    if (open) {
      bus.stopWith(tx, user, task.id());
    }
    return open;
  }

  @Override
  public void cancelQueued(UserId user, TaskId task, String reason) {
    db.does(
        user,
        tx -> {
          Optional<TaskRef> found = reader.ref(tx, user, task);
          if (found.isPresent()) {
            boolean _ = cancel(tx, user, found.get(), reason);
          }
        });
  }

  @Override
  public void stop(UserId user, TaskId task) {
    db.does(user, tx -> bus.stopWith(tx, user, task));
  }

  @Override
  public void wake() {
    bus.wake();
  }
}
