package dev.artel.chat;

import dev.artel.agent.Agent;
import dev.artel.agent.Agents;
import dev.artel.base.Fault;
import dev.artel.base.Ids;
import dev.artel.bus.Bus;
import dev.artel.bus.TaskDraft;
import dev.artel.db.Db;
import dev.artel.db.Tx;
import dev.artel.event.Draft;
import dev.artel.event.EventLog;
import dev.artel.http.Idempotency;
import dev.artel.http.ProjectScope;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.ErrorCode;
import dev.artel.protocol.Event;
import dev.artel.protocol.MessageId;
import dev.artel.protocol.MessageRole;
import dev.artel.protocol.MessageStatus;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.TaskKind;
import dev.artel.protocol.UserId;
import dev.artel.space.Spaces;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Takes messages in: stores each before anything is done about it, and hands it to its agent as a
/// task of the session's line.
final class Messages {
  static final int WAITING_MAX = 10;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  /// A client that repeats a POST after a 5xx within this time means the same message.
  private static final double REPEAT_SECONDS = 60;

  private final Db db;
  private final EventLog events;
  private final Ids ids;
  private final Agents agents;
  private final Addressees addressees;
  private final Spaces spaces;
  private final Bus bus;
  private final SessionStore sessions = new SessionStore();
  private final MessageStore store = new MessageStore();
  private final MessageReader reader = new MessageReader();

  Messages(
      Db db,
      EventLog events,
      Ids ids,
      Agents agents,
      Addressees addressees,
      Spaces spaces,
      Bus bus) {
    this.db = db;
    this.events = events;
    this.ids = ids;
    this.agents = agents;
    this.addressees = addressees;
    this.spaces = spaces;
    this.bus = bus;
  }

  /// What a user says, and to whom.
  ///
  /// @param clientRef the client's own mark, echoed in the event
  record Said(String content, @Nullable String targetAgent, @Nullable String clientRef) {}

  /// A question as it was stored, and the task that will answer it.
  record Taken(Message question, TaskId task) {}

  /// The next task id, so that a caller may wait for its end before it exists.
  TaskId nextTask() {
    return new TaskId(ids.next());
  }

  /// Stores the message and queues its turn. A repeat of a message whose run just failed runs that
  /// one again.
  ///
  /// @throws Fault NOT_FOUND for session or agent, SESSION_QUEUE_FULL, QUEUE_FULL; nothing is
  ///   stored
  Taken post(
      UserId user,
      ProjectScope scope,
      SessionId session,
      Said said,
      TaskId task,
      Idempotency once) {
    return db.as(
        user,
        tx -> {
          SessionStore.Held held = hold(tx, user, scope, session);
          Optional<Message> repeated =
              once.isGiven() ? Optional.empty() : failedJustNow(tx, user, session, said);
          if (repeated.isPresent()) {
            return rerun(tx, user, scope, held, repeated.get(), null, task);
          }
          var id = new MessageId(ids.next());
          once.record(tx, "message", id.value());
          return add(tx, user, scope, held, id, said, null, task);
        });
  }

  /// Says something else instead: what was said from that message on is stopped and superseded.
  Taken edit(
      UserId user,
      ProjectScope scope,
      SessionId session,
      MessageId message,
      Said said,
      TaskId task,
      Idempotency once) {
    return db.as(
        user,
        tx -> {
          SessionStore.Held held = hold(tx, user, scope, session);
          Message old = question(tx, user, session, message);
          if (old.supersededBy() != null) {
            throw Fault.conflict("state", "This message was edited before; edit its successor.");
          }
          var id = new MessageId(ids.next());
          once.record(tx, "message", id.value());
          for (Message open : reader.open(tx, user, session)) {
            if (open.ordinal() >= old.ordinal()) {
              stop(tx, user, scope, session, open, "edited");
            }
          }
          Taken taken = add(tx, user, scope, held, id, said, old.id(), task);
          for (MessageId superseded : store.supersedeFrom(tx, user, session, old.ordinal(), id)) {
            tell(tx, user, scope, session, MessageEvents.superseded(session, superseded, id));
          }
          return taken;
        });
  }

  /// Asks again: the same question, a new run; an earlier answer steps back when the new one comes.
  Taken retry(
      UserId user,
      ProjectScope scope,
      SessionId session,
      MessageId message,
      @Nullable String targetAgent,
      TaskId task,
      Idempotency once) {
    return db.as(
        user,
        tx -> {
          SessionStore.Held held = hold(tx, user, scope, session);
          Message old = question(tx, user, session, message);
          refuseRerun(old);
          once.record(tx, "message", old.id().value());
          return rerun(tx, user, scope, held, old, targetAgent, task);
        });
  }

  /// Asks the same agent again, by a task that gets that id; the session is held.
  ///
  /// @throws Fault CONFLICT `state` when the question is open or was edited
  void again(Tx tx, UserId user, ProjectScope scope, Message question, AgentId agent, TaskId task) {
    SessionStore.Held held = hold(tx, user, scope, question.session());
    refuseRerun(question);
    // Who was named then may be another agent now; a message that named nobody goes by chance.
    boolean named = question.targetAgent() != null && agent.equals(question.agent());
    String target = named ? null : agent.toString();
    Taken _ = rerun(tx, user, scope, held, question, target, task);
  }

  private static void refuseRerun(Message question) {
    if (isOpen(question)) {
      throw Fault.conflict("state", "This message is still being answered; stop it first.");
    }
    if (question.supersededBy() != null) {
      throw Fault.conflict("state", "This message was edited; retry its successor.");
    }
  }

  private SessionStore.Held hold(Tx tx, UserId user, ProjectScope scope, SessionId session) {
    return sessions
        .hold(tx, user, scope.project(), session)
        .orElseThrow(() -> Fault.notFound("Session not found"));
  }

  Message question(Tx tx, UserId user, SessionId session, MessageId id) {
    return reader
        .find(tx, user, session, id)
        .filter(message -> message.role() == MessageRole.USER)
        .orElseThrow(() -> Fault.notFound("Message not found"));
  }

  static boolean isOpen(Message message) {
    return message.status() == MessageStatus.QUEUED || message.status() == MessageStatus.PROCESSING;
  }

  private Optional<Message> failedJustNow(Tx tx, UserId user, SessionId session, Said said) {
    return reader
        .latestQuestion(tx, user, session)
        .filter(latest -> latest.message().status() == MessageStatus.FAILED)
        .filter(latest -> latest.endedSecondsAgo() <= REPEAT_SECONDS)
        .filter(latest -> latest.message().content().equals(said.content()))
        .filter(
            latest -> Objects.equals(latest.message().targetAgent(), Addressees.targetText(said)))
        .map(MessageReader.Latest::message);
  }

  private Taken add(
      Tx tx,
      UserId user,
      ProjectScope scope,
      SessionStore.Held session,
      MessageId id,
      Said said,
      @Nullable MessageId editedFrom,
      TaskId task) {
    Agent agent = addressees.of(tx, user, scope, session.id(), said);
    refuseWhenFull(tx, user, session.id());
    String target = Addressees.targetText(said);
    store.insertQuestion(
        tx,
        user,
        new MessageStore.Question(
            id,
            scope.project(),
            session.id(),
            said.content(),
            agent.id(),
            agent.name(),
            target,
            editedFrom,
            said.clientRef()));
    tell(
        tx,
        user,
        scope,
        session.id(),
        MessageEvents.asked(session.id(), id, said, agent, target, editedFrom, task));
    queue(tx, user, scope, session.id(), id, agent, task, null);
    entitle(tx, user, scope, session, said.content());
    return new Taken(question(tx, user, session.id(), id), task);
  }

  private Taken rerun(
      Tx tx,
      UserId user,
      ProjectScope scope,
      SessionStore.Held session,
      Message old,
      @Nullable String targetAgent,
      TaskId task) {
    MessageId id = old.id();
    String target = targetAgent != null ? targetAgent : old.targetAgent();
    Agent agent =
        addressees.of(tx, user, scope, session.id(), new Said(old.content(), target, null));
    refuseWhenFull(tx, user, session.id());
    store.readdress(tx, user, id, agent.id(), agent.name(), target);
    queue(tx, user, scope, session.id(), id, agent, task, old.task());
    tell(
        tx,
        user,
        scope,
        session.id(),
        new Event.MessageUpdated(
            id,
            session.id(),
            old.status(),
            MessageStatus.QUEUED,
            null,
            targetAgent,
            null,
            null,
            null,
            null,
            null,
            null,
            task));
    sessions.touch(tx, user, session.id());
    return new Taken(question(tx, user, session.id(), id), task);
  }

  private void refuseWhenFull(Tx tx, UserId user, SessionId session) {
    MessageStore.Load load = store.load(tx, user, session);
    int places = WAITING_MAX + (load.processing() == 0 ? 1 : 0);
    if (load.queued() >= places) {
      throw Fault.of(
              ErrorCode.SESSION_QUEUE_FULL,
              "%d messages wait in this session already; send this one when an answer has come."
                  .formatted(WAITING_MAX))
          .retryAfter(RETRY_AFTER);
    }
  }

  private void queue(
      Tx tx,
      UserId user,
      ProjectScope scope,
      SessionId session,
      MessageId message,
      Agent agent,
      TaskId task,
      @Nullable TaskId retryOf) {
    spaces.hand(
        tx,
        user,
        new TaskDraft(
            task,
            scope.project(),
            session,
            agent.id(),
            agent.version(),
            TaskKind.MESSAGE,
            message,
            retryOf));
    store.setTask(tx, user, message, task);
  }

  /// A session without a title gets the beginning of its first message.
  private void entitle(
      Tx tx, UserId user, ProjectScope scope, SessionStore.Held session, String content) {
    if (session.title() != null) {
      sessions.touch(tx, user, session.id());
      return;
    }
    String title = Session.titleFrom(content);
    sessions.update(tx, user, session.id(), title, false, session.pinned(), session.archived());
    tell(
        tx,
        user,
        scope,
        session.id(),
        new Event.SessionUpdated(session.id(), title, session.pinned(), session.archived(), null));
  }

  /// Ends the work on an open question. What has not begun, or waits to begin again, is cancelled
  /// here; what runs is told to stop and stores its end itself.
  void stop(
      Tx tx, UserId user, ProjectScope scope, SessionId session, Message open, String reason) {
    TaskId task = Objects.requireNonNull(open.task());
    if (!bus.cancelQueued(tx, user, scope.project(), session, task, reason)) {
      bus.stopWith(tx, user, task);
      return;
    }
    cancelled(tx, user, scope, open, task);
  }

  /// The open question's task was cancelled before it began, or before it began again.
  void cancelled(Tx tx, UserId user, ProjectScope scope, Message open, TaskId task) {
    SessionId session = open.session();
    store.dropDraft(tx, user, task);
    store.setStatus(tx, user, open.id(), MessageStatus.CANCELLED, null, null);
    tell(
        tx,
        user,
        scope,
        session,
        new Event.MessageUpdated(
            open.id(),
            session,
            open.status(),
            MessageStatus.CANCELLED,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            task));
    if (open.status() == MessageStatus.PROCESSING && open.agent() != null) {
      // The run that made the agent busy was cut off.
      agents.idle(tx, user, open.agent(), session);
    }
  }

  private void tell(Tx tx, UserId user, ProjectScope scope, SessionId session, Event.Logged event) {
    events.append(tx, user, Draft.in(scope.project(), session, event));
  }
}
