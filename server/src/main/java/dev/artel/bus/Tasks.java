package dev.artel.bus;

import dev.artel.base.Fault;
import dev.artel.base.Ids;
import dev.artel.db.Db;
import dev.artel.db.Tx;
import dev.artel.http.Idempotency;
import dev.artel.http.Paging;
import dev.artel.http.ProjectScope;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.TaskKind;
import dev.artel.protocol.UserId;
import org.jspecify.annotations.Nullable;

/// What a user sees of their tasks and may do to them.
final class Tasks {
  private final Db db;
  private final Bus bus;
  private final Ids ids;
  private final TaskReader reader = new TaskReader();

  Tasks(Db db, Bus bus, Ids ids) {
    this.db = db;
    this.bus = bus;
    this.ids = ids;
  }

  TaskReader.Page list(ProjectScope scope, TaskReader.Filter filter, Paging paging) {
    return db.read(
        scope.user(), tx -> reader.list(tx, scope.user(), scope.project(), filter, paging));
  }

  /// @throws Fault NOT_FOUND
  TaskResponse get(ProjectScope scope, TaskId task) {
    return db.read(scope.user(), tx -> found(tx, scope.user(), scope.project(), task));
  }

  /// In whichever project it is.
  TaskResponse anywhere(UserId user, TaskId task) {
    return db.read(user, tx -> found(tx, user, null, task));
  }

  private TaskResponse found(Tx tx, UserId user, @Nullable ProjectId project, TaskId task) {
    return reader.find(tx, user, project, task).orElseThrow(Tasks::missing);
  }

  private static Fault missing() {
    return Fault.notFound("Task not found");
  }

  private TaskRef ref(Tx tx, ProjectScope scope, TaskId task) {
    return reader
        .ref(tx, scope.user(), task)
        .filter(ref -> ref.project().equals(scope.project()))
        .orElseThrow(Tasks::missing);
  }

  /// Cancels a task that waits; asks one that runs to end, which it soon tells.
  ///
  /// @throws Fault NOT_FOUND; CONFLICT `state` when it has ended
  TaskResponse cancel(ProjectScope scope, TaskId task, String reason) {
    UserId user = scope.user();
    return db.as(
        user,
        tx -> {
          if (!bus.cancelling().cancel(tx, user, ref(tx, scope, task), reason)) {
            throw Fault.conflict("state", "This task has ended already.");
          }
          return found(tx, user, scope.project(), task);
        });
  }

  /// Submits the same work to the same agent once more, as a task of its own.
  ///
  /// @throws Fault NOT_FOUND; CONFLICT `state` when it has not ended, is part of a plan, or what it
  ///   was for is gone
  TaskResponse retry(ProjectScope scope, TaskId task, Idempotency once) {
    UserId user = scope.user();
    return db.as(
        user,
        tx -> {
          var again = new TaskId(ids.next());
          once.record(tx, "task", again.value());
          TaskRef ended = ref(tx, scope, task);
          if (ended.kind() == TaskKind.PLAN_TASK) {
            throw Fault.conflict("state", "This task is part of a plan; retry the plan's task.");
          }
          bus.cancelling().origin().hold(tx, user, ended);
          if (!TaskMachine.isEnd(bus.status(tx, user, task).orElseThrow(Tasks::missing))) {
            throw Fault.conflict("state", "This task has not ended; cancel it first.");
          }
          bus.cancelling().origin().again(tx, user, ended, again);
          return found(tx, user, scope.project(), again);
        });
  }
}
