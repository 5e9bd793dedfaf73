package dev.artel.chat;

import dev.artel.base.Fault;
import dev.artel.bus.Origin;
import dev.artel.bus.TaskRef;
import dev.artel.db.Tx;
import dev.artel.http.ProjectScope;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.UserId;
import java.util.Optional;

/// The questions that tasks answer: each keeps its status with its task, whoever ends that.
final class QuestionOrigin implements Origin {
  private final Messages messages;
  private final SessionStore sessions = new SessionStore();
  private final MessageReader reader = new MessageReader();

  QuestionOrigin(Messages messages) {
    this.messages = messages;
  }

  @Override
  public void hold(Tx tx, UserId user, TaskRef task) {
    if (task.session() != null) {
      var _ = sessions.hold(tx, user, task.project(), task.session());
    }
  }

  @Override
  public void cancelled(Tx tx, UserId user, TaskRef task, String reason) {
    question(tx, user, task)
        .filter(Messages::isOpen)
        .ifPresent(open ->
            messages.cancelled(tx, user, new ProjectScope(user, task.project()), open, task.id()));
  }

  @Override
  public void again(Tx tx, UserId user, TaskRef ended, TaskId again) {
    Message question =
        question(tx, user, ended)
            .orElseThrow(
                () -> Fault.conflict("state", "The message that this task answered is gone."));
    messages.again(
        tx, user, new ProjectScope(user, ended.project()), question, ended.agent(), again);
  }

  private Optional<Message> question(Tx tx, UserId user, TaskRef task) {
    SessionId session = task.session();
    return session == null || task.message() == null
        ? Optional.empty()
        : reader.find(tx, user, session, task.message());
  }
}
