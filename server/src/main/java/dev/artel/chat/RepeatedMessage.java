package dev.artel.chat;

import dev.artel.base.Fault;
import dev.artel.bus.Bus;
import dev.artel.db.Db;
import dev.artel.http.Idempotency;
import dev.artel.http.ProjectScope;
import dev.artel.http.Rebuild;
import dev.artel.protocol.MessageId;
import dev.artel.protocol.MessageStatus;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.UserId;
import java.util.UUID;
import org.springframework.http.ResponseEntity;

/// Answers a repeated message POST by what became of the message; one whose run failed is run again
/// and none is added.
final class RepeatedMessage implements Rebuild {
  private final Db db;
  private final Bus bus;
  private final Messages messages;
  private final Reply reply;
  private final MessageReader reader = new MessageReader();

  RepeatedMessage(Db db, Bus bus, Messages messages, Reply reply) {
    this.db = db;
    this.bus = bus;
    this.messages = messages;
    this.reply = reply;
  }

  @Override
  public String resourceType() {
    return "message";
  }

  @Override
  public ResponseEntity<?> answer(UserId user, UUID resource) {
    MessageReader.Placed placed =
        db.read(user, tx -> reader.anywhere(tx, user, new MessageId(resource)))
            .orElseThrow(() -> Fault.notFound("Message not found"));
    Message message = placed.message();
    TaskId last = message.task();
    if (last == null) {
      // Its agent was deleted, and the work with it.
      return reply.unanswered(message);
    }
    if (message.status() != MessageStatus.FAILED) {
      return reply.now(user, message, last);
    }
    var scope = new ProjectScope(user, placed.project());
    TaskId task = messages.nextTask();
    try (Bus.Wait wait = bus.expect(task)) {
      Messages.Taken taken =
          messages.retry(
              user, scope, message.session(), message.id(), null, task, Idempotency.none());
      return reply.to(user, taken, wait, false);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return reply.now(user, message, task);
    }
  }
}
