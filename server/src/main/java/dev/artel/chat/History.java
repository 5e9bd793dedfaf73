package dev.artel.chat;

import dev.artel.base.Fault;
import dev.artel.bus.Bus;
import dev.artel.db.Db;
import dev.artel.db.Tx;
import dev.artel.http.Paging;
import dev.artel.http.ProjectScope;
import dev.artel.protocol.ErrorCode;
import dev.artel.protocol.MessageId;
import dev.artel.protocol.MessageStatus;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.TaskStatus;
import dev.artel.protocol.UserId;
import dev.artel.runtime.RunningAnswers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Shows what was said: pages of a session, one message, a session with all that a screen needs to
/// open it.
final class History {
  private static final int LATEST = 50;

  private final Db db;
  private final Bus bus;
  private final RunningAnswers answers;
  private final SessionStore sessions = new SessionStore();
  private final MessageReader reader = new MessageReader();

  History(Db db, Bus bus, RunningAnswers answers) {
    this.db = db;
    this.bus = bus;
    this.answers = answers;
  }

  /// @param nextCursor behind which older messages begin
  record Page(List<Message> messages, long total, int offset, @Nullable String nextCursor) {}

  Page page(
      UserId user,
      ProjectScope scope,
      SessionId session,
      MessageReader.Filter filter,
      @Nullable MessageId around,
      Paging paging) {
    return db.read(
        user,
        tx -> {
          require(tx, user, scope, session);
          int offset =
              around == null
                  ? paging.offset()
                  : offsetOf(tx, user, session, around, filter, paging);
          List<Message> messages = reader.page(tx, user, session, filter, paging.limit(), offset);
          boolean full = messages.size() == paging.limit();
          return new Page(
              messages,
              reader.count(tx, user, session, filter),
              offset,
              full ? Long.toString(messages.getFirst().ordinal()) : null);
        });
  }

  /// The offset of the page that has that message in its middle.
  private int offsetOf(
      Tx tx,
      UserId user,
      SessionId session,
      MessageId around,
      MessageReader.Filter filter,
      Paging paging) {
    long ordinal =
        reader
            .find(tx, user, session, around)
            .orElseThrow(() -> Fault.notFound("Message not found"))
            .ordinal();
    int behind = reader.countAfter(tx, user, session, ordinal, filter);
    return Math.max(0, behind - paging.limit() / 2);
  }

  /// A cursor is the ordinal behind which older messages begin.
  static @Nullable Long cursor(Paging paging) {
    String cursor = paging.cursor();
    if (cursor == null) {
      return null;
    }
    try {
      return Long.valueOf(cursor);
    } catch (NumberFormatException _) {
      throw Fault.of(
          ErrorCode.BAD_REQUEST, "This cursor is none of ours; take next_cursor from a list.");
    }
  }

  /// One message; an answer that is being written with its text so far.
  MessageResponse message(UserId user, ProjectScope scope, SessionId session, MessageId id) {
    return db.read(
        user,
        tx -> {
          require(tx, user, scope, session);
          return reader
              .find(tx, user, session, id)
              .map(MessageResponse::of)
              .or(() -> growing(tx, user, session, id))
              .orElseThrow(() -> Fault.notFound("Message not found"));
        });
  }

  private Optional<MessageResponse> growing(Tx tx, UserId user, SessionId session, MessageId id) {
    for (Message question : reader.open(tx, user, session)) {
      SessionResponse.RunningAnswer running = running(tx, user, session, question);
      if (running != null && id.equals(running.messageId())) {
        return Optional.of(MessageResponse.growing(question, id, running.content()));
      }
    }
    return Optional.empty();
  }

  /// A session with its newest messages, its growing answers and its position in the log, all of
  /// one moment: whoever opens the stream there misses nothing and sees nothing twice.
  SessionResponse open(UserId user, ProjectScope scope, SessionId session) {
    return db.snapshot(
        user,
        tx -> {
          Session found =
              sessions
                  .find(tx, user, scope.project(), session)
                  .orElseThrow(() -> Fault.notFound("Session not found"));
          List<MessageResponse> latest =
              reader.page(tx, user, session, MessageReader.Filter.VISIBLE, LATEST, 0).stream()
                  .map(MessageResponse::of)
                  .toList();
          var running = new ArrayList<SessionResponse.RunningAnswer>();
          for (Message question : reader.open(tx, user, session)) {
            SessionResponse.RunningAnswer answer = running(tx, user, session, question);
            if (answer != null) {
              running.add(answer);
            }
          }
          return SessionResponse.of(found)
              .with(latest, running, reader.newestEvent(tx, user, scope.project()).orElse(null));
        });
  }

  /// The answer that is being written: its text from here, or as another process last kept it.
  private SessionResponse.@Nullable RunningAnswer running(
      Tx tx, UserId user, SessionId session, Message question) {
    TaskId task = question.task();
    if (question.status() != MessageStatus.PROCESSING || task == null) {
      return null;
    }
    Optional<RunningAnswers.Text> text =
        answers
            .of(user, task)
            .or(() ->
                reader
                    .draft(tx, user, session, task)
                    .map(kept -> new RunningAnswers.Text(kept.message(), kept.content())));
    return text.map(so ->
            new SessionResponse.RunningAnswer(
                so.message(),
                question.id(),
                task,
                question.agent(),
                question.agentName(),
                so.content()))
        .orElse(null);
  }

  private void require(Tx tx, UserId user, ProjectScope scope, SessionId session) {
    if (!sessions.exists(tx, user, scope.project(), session)) {
      throw Fault.notFound("Session not found");
    }
  }

  /// What became of a task's question: the answer, when there is one, and the question itself.
  record Outcome(Message question, Optional<Message> answer, TaskStatus status) {}

  Outcome outcome(UserId user, SessionId session, MessageId question, TaskId task) {
    // One moment: else a task that ends in between has ended without its answer.
    return db.snapshot(
        user,
        tx ->
            new Outcome(
                reader
                    .find(tx, user, session, question)
                    .orElseThrow(() -> Fault.notFound("Message not found")),
                reader.answer(tx, user, task),
                bus.status(tx, user, task).orElse(TaskStatus.CANCELLED)));
  }

  List<MessageReader.ModeStats> stats(UserId user, ProjectScope scope) {
    return db.read(user, tx -> reader.stats(tx, user, scope.project()));
  }
}
