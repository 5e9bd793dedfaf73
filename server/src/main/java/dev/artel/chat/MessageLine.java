package dev.artel.chat;

import dev.artel.agent.Agent;
import dev.artel.base.Fault;
import dev.artel.bus.Bus;
import dev.artel.chat.Messages.Said;
import dev.artel.db.Db;
import dev.artel.db.Tx;
import dev.artel.event.Draft;
import dev.artel.event.EventLog;
import dev.artel.http.Change;
import dev.artel.http.ProjectScope;
import dev.artel.protocol.Event;
import dev.artel.protocol.MessageId;
import dev.artel.protocol.MessageStatus;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.TaskStatus;
import dev.artel.protocol.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The line of messages of a session: what waits can be changed, moved and dropped, and what runs
/// can be stopped.
final class MessageLine {
  private final Db db;
  private final EventLog events;
  private final Bus bus;
  private final Messages messages;
  private final Addressees addressees;
  private final SessionStore sessions = new SessionStore();
  private final MessageStore store = new MessageStore();
  private final MessageReader reader = new MessageReader();

  MessageLine(Db db, EventLog events, Bus bus, Messages messages, Addressees addressees) {
    this.db = db;
    this.events = events;
    this.bus = bus;
    this.messages = messages;
    this.addressees = addressees;
  }

  /// @param before the queued message before which it should come
  record Edit(Change<String> content, Change<String> targetAgent, @Nullable MessageId before) {}

  /// Changes a message that still waits.
  ///
  /// @throws Fault NOT_FOUND; CONFLICT `state` when it was taken up already
  Message change(UserId user, ProjectScope scope, SessionId session, MessageId id, Edit edit) {
    return db.as(
        user,
        tx -> {
          Message old = waiting(tx, user, scope, session, id);
          String content =
              Objects.requireNonNull(edit.content().over(old.content(), old.content()));
          String target = target(old, content, edit);
          if (edit.content().changes() || edit.targetAgent().changes()) {
            Agent agent = addressees.of(tx, user, scope, session, new Said(content, target, null));
            bus.readdress(
                tx, user, Objects.requireNonNull(old.task()), agent.id(), agent.version());
            store.rewrite(tx, user, id, content, agent.id(), agent.name(), target);
          }
          if (edit.before() != null) {
            move(tx, user, scope, session, old, edit.before());
          }
          tell(
              tx,
              user,
              scope,
              session,
              new Event.MessageUpdated(
                  id,
                  session,
                  MessageStatus.QUEUED,
                  MessageStatus.QUEUED,
                  edit.content().changes() ? content : null,
                  edit.targetAgent().changes() ? target : null,
                  edit.before(),
                  null,
                  null,
                  null,
                  null,
                  null,
                  old.task()));
          return reader.find(tx, user, session, id).orElseThrow();
        });
  }

  /// To whom the message goes: a target that was a leading `@name` is read anew from a new text.
  private static @Nullable String target(Message old, String content, Edit edit) {
    boolean mentioned =
        Objects.equals(
            old.targetAgent(), Addressees.targetText(new Said(old.content(), null, null)));
    String named = mentioned ? null : old.targetAgent();
    return Addressees.targetText(new Said(content, edit.targetAgent().over(named, null), null));
  }

  private void move(
      Tx tx, UserId user, ProjectScope scope, SessionId session, Message moved, MessageId before) {
    Message other = waiting(tx, user, scope, session, before);
    store.moveBefore(tx, user, session, moved.id(), other.id());
    if (moved.task() != null && other.task() != null) {
      bus.moveBefore(tx, user, session, moved.task(), other.task());
    }
  }

  /// Drops a message that still waits.
  void drop(UserId user, ProjectScope scope, SessionId session, MessageId id) {
    db.does(
        user,
        tx -> {
          Message old = waiting(tx, user, scope, session, id);
          drop(tx, user, scope, session, old);
        });
  }

  private void drop(Tx tx, UserId user, ProjectScope scope, SessionId session, Message old) {
    TaskId task = Objects.requireNonNull(old.task());
    if (!bus.cancelQueued(tx, user, scope.project(), session, task, "dropped by the user")) {
      // Claimed this very moment: its run finds no message and ends.
      bus.stopWith(tx, user, task);
    }
    store.delete(tx, user, old.id());
    tell(tx, user, scope, session, new Event.MessageDeleted(old.id(), session));
  }

  /// The message, held in its queue until this transaction ends.
  private Message waiting(Tx tx, UserId user, ProjectScope scope, SessionId session, MessageId id) {
    if (sessions.hold(tx, user, scope.project(), session).isEmpty()) {
      throw Fault.notFound("Session not found");
    }
    Message message = messages.question(tx, user, session, id);
    TaskId task = message.task();
    if (message.status() != MessageStatus.QUEUED
        || task == null
        || !bus.holdQueued(tx, user, task)) {
      throw Fault.conflict("state", "This message was taken up already and cannot be changed.");
    }
    return message;
  }

  /// What a stop did: questions whose work ends now, and waiting ones that were dropped.
  record Stopped(List<MessageId> stopped, List<MessageId> dropped) {}

  /// Stops what runs in the session, or the named message; drops what waits when asked to.
  Stopped stop(
      UserId user,
      ProjectScope scope,
      SessionId session,
      @Nullable MessageId only,
      boolean dropQueued) {
    return db.as(
        user,
        tx -> {
          if (sessions.hold(tx, user, scope.project(), session).isEmpty()) {
            throw Fault.notFound("Session not found");
          }
          if (only != null) {
            Message _ = messages.question(tx, user, session, only);
          }
          var stopped = new ArrayList<MessageId>();
          var dropped = new ArrayList<MessageId>();
          for (Message open : reader.open(tx, user, session)) {
            if (!runs(tx, user, open)) {
              if (dropQueued || open.id().equals(only)) {
                drop(tx, user, scope, session, open);
                dropped.add(open.id());
              }
            } else if (only == null || open.id().equals(only)) {
              messages.stop(tx, user, scope, session, open, "stopped by the user");
              stopped.add(open.id());
            }
          }
          return new Stopped(stopped, dropped);
        });
  }

  private boolean runs(Tx tx, UserId user, Message open) {
    TaskId task = open.task();
    Optional<TaskStatus> status = task == null ? Optional.empty() : bus.status(tx, user, task);
    return open.status() == MessageStatus.PROCESSING
        || status.filter(now -> now != TaskStatus.QUEUED).isPresent();
  }

  private void tell(Tx tx, UserId user, ProjectScope scope, SessionId session, Event.Logged event) {
    events.append(tx, user, Draft.in(scope.project(), session, event));
  }
}
