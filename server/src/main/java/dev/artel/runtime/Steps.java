package dev.artel.runtime;

import dev.artel.base.Fault;
import dev.artel.bus.Bus;
import dev.artel.db.Db;
import dev.artel.db.Tx;
import dev.artel.http.Page;
import dev.artel.http.Paging;
import dev.artel.http.ProjectScope;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.TaskStatus;
import dev.artel.protocol.UserId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Shows the journal of a task to its owner.
final class Steps {
  private final Db db;
  private final Bus bus;
  private final StepStore store = new StepStore();

  Steps(Db db, Bus bus) {
    this.db = db;
    this.bus = bus;
  }

  /// @param after only steps with a greater number
  Page<Step> page(UserId user, ProjectScope scope, TaskId task, int after, Paging paging) {
    return db.read(
        user,
        tx -> {
          requireTask(tx, user, scope, task);
          return new Page<>(
              store.page(tx, user, task, after, paging.limit(), paging.offset()),
              store.count(tx, user, task, after),
              null);
        });
  }

  Step.Whole whole(UserId user, ProjectScope scope, TaskId task, int step) {
    return db.read(
        user,
        tx -> {
          requireTask(tx, user, scope, task);
          return store
              .whole(tx, user, task, step, StepResponse.CHARS_MAX)
              .orElseThrow(() -> Fault.notFound("Step not found"));
        });
  }

  private void requireTask(Tx tx, UserId user, ProjectScope scope, TaskId task) {
    if (store.session(tx, user, scope.project(), task).isEmpty()) {
      throw notFound();
    }
  }

  private static Fault notFound() {
    return Fault.notFound("Task not found");
  }

  /// The session that caused the task; null when none did.
  @Nullable SessionId session(UserId user, ProjectScope scope, TaskId task) {
    return db.read(
        user,
        tx ->
            store.session(tx, user, scope.project(), task).orElseThrow(Steps::notFound).session());
  }

  /// Whether the task has ended, or is gone.
  boolean ended(UserId user, TaskId task) {
    Optional<TaskStatus> status = db.read(user, tx -> bus.status(tx, user, task));
    return status.isEmpty()
        || switch (status.get()) {
          case COMPLETED, FAILED, CANCELLED -> true;
          case QUEUED, RUNNING, AWAITING_APPROVAL, AWAITING_RUNNER -> false;
        };
  }
}
