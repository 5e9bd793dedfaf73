package dev.artel.chat;

import dev.artel.agent.Agent;
import dev.artel.protocol.Event;
import dev.artel.protocol.MessageId;
import dev.artel.protocol.MessageRole;
import dev.artel.protocol.MessageStatus;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.TaskId;
import org.jspecify.annotations.Nullable;

/// How messages are told of, where more than one tells the same.
final class MessageEvents {
  private MessageEvents() {}

  /// A question was stored.
  static Event.MessageCreated asked(
      SessionId session,
      MessageId id,
      Messages.Said said,
      Agent agent,
      @Nullable String target,
      @Nullable MessageId editedFrom,
      TaskId task) {
    return new Event.MessageCreated(
        id,
        session,
        MessageRole.USER,
        said.content(),
        null,
        agent.id(),
        agent.name(),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        MessageStatus.QUEUED,
        target,
        task,
        editedFrom,
        said.clientRef());
  }

  /// A message has a successor.
  static Event.MessageUpdated superseded(SessionId session, MessageId id, MessageId successor) {
    return new Event.MessageUpdated(
        id, session, null, null, null, null, null, null, null, successor, null, null, null);
  }
}
