package dev.artel.chat;

import dev.artel.base.Ids;
import dev.artel.db.Tx;
import dev.artel.event.Draft;
import dev.artel.event.EventLog;
import dev.artel.protocol.Event;
import dev.artel.protocol.MessageId;
import dev.artel.protocol.MessageRole;
import dev.artel.protocol.MessageStatus;
import dev.artel.protocol.UserId;
import dev.artel.runtime.Answer;
import dev.artel.runtime.Conversation;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Lends a running turn its session: what was said before, and where its end is stored.
final class ChatConversation implements Conversation {
  private static final int HISTORY_MESSAGES = 10;

  private final EventLog events;
  private final Ids ids;
  private final SessionStore sessions = new SessionStore();
  private final MessageStore store = new MessageStore();
  private final MessageReader reader = new MessageReader();

  ChatConversation(EventLog events, Ids ids) {
    this.events = events;
    this.ids = ids;
  }

  @Override
  public void hold(Tx tx, UserId user, Run run) {
    if (run.session() != null) {
      sessions.hold(tx, user, run.session());
    }
  }

  @Override
  public Optional<Turn> begin(Tx tx, UserId user, Run run) {
    Optional<Message> question = reader.question(tx, user, run.task());
    if (question.isEmpty() || question.get().supersededBy() != null) {
      return Optional.empty();
    }
    Message asked = question.get();
    if (asked.status() != MessageStatus.PROCESSING) {
      move(tx, user, run, asked, MessageStatus.PROCESSING, null, null);
    }
    MessageId answer =
        store.beginAnswer(
            tx,
            user,
            asked.session(),
            run.task(),
            run.agent(),
            run.attempt(),
            new MessageId(ids.next()));
    return Optional.of(
        new Turn(
            asked.session(),
            asked.id(),
            answer,
            Mention.promptOf(asked.content(), asked.targetAgent()),
            reader.history(tx, user, asked.session(), asked.ordinal(), HISTORY_MESSAGES)));
  }

  @Override
  public void draft(Tx tx, UserId user, Run run, Turn turn, String text, String thinking) {
    store.saveDraft(tx, user, run.task(), run.attempt(), text, thinking);
  }

  @Override
  public void end(Tx tx, UserId user, Run run, Turn turn, TurnEnd end) {
    store.dropDraft(tx, user, run.task());
    Optional<Message> question = reader.question(tx, user, run.task());
    if (question.isEmpty()) {
      return;
    }
    Message asked = question.get();
    Answer answer = end.answer();
    switch (end) {
      case TurnEnd.Answered _ -> {
        keep(tx, user, run, turn, asked, answer, MessageStatus.DONE);
        move(tx, user, run, asked, MessageStatus.DONE, null, null);
      }
      case TurnEnd.Cancelled _ -> {
        keep(tx, user, run, turn, asked, answer, MessageStatus.CANCELLED);
        move(tx, user, run, asked, MessageStatus.CANCELLED, null, null);
      }
      case TurnEnd.Failed failed -> {
        keep(tx, user, run, turn, asked, answer, MessageStatus.FAILED);
        store.setProvider(tx, user, asked.id(), failed.provider(), failed.model());
        move(tx, user, run, asked, MessageStatus.FAILED, failed.error(), failed.errorType());
      }
    }
  }

  @Override
  public void refuse(Tx tx, UserId user, Run run, String error, String errorType) {
    store.dropDraft(tx, user, run.task());
    reader
        .question(tx, user, run.task())
        .ifPresent(asked -> move(tx, user, run, asked, MessageStatus.FAILED, error, errorType));
  }

  private void keep(
      Tx tx,
      UserId user,
      Run run,
      Turn turn,
      Message question,
      @Nullable Answer answer,
      MessageStatus status) {
    if (answer == null) {
      return;
    }
    store.insertAnswer(
        tx,
        user,
        run.project(),
        turn.session(),
        turn.answer(),
        question.id(),
        run.task(),
        status,
        answer,
        question.supersededBy());
    tell(tx, user, run, question, created(turn, question, answer, status, run));
    if (question.supersededBy() != null) {
      tell(
          tx,
          user,
          run,
          question,
          MessageEvents.superseded(question.session(), turn.answer(), question.supersededBy()));
    }
    for (MessageId earlier :
        store.supersedeAnswers(tx, user, turn.session(), question.id(), turn.answer())) {
      tell(
          tx,
          user,
          run,
          question,
          MessageEvents.superseded(question.session(), earlier, turn.answer()));
    }
  }

  private static Event.MessageCreated created(
      Turn turn, Message question, Answer answer, MessageStatus status, Run run) {
    return new Event.MessageCreated(
        turn.answer(),
        turn.session(),
        MessageRole.ASSISTANT,
        answer.content(),
        answer.payload(),
        answer.agent(),
        answer.agentName(),
        question.id(),
        answer.provider(),
        answer.model(),
        answer.demo(),
        answer.usage(),
        answer.latency(),
        answer.finishReason(),
        answer.attempt(),
        answer.contextUsed(),
        answer.usage().tokensIn() + answer.usage().tokensOut(),
        answer.latency().totalMs(),
        status,
        null,
        run.task(),
        null,
        null);
  }

  private void move(
      Tx tx,
      UserId user,
      Run run,
      Message question,
      MessageStatus status,
      @Nullable String error,
      @Nullable String errorType) {
    store.setStatus(tx, user, question.id(), status, error, errorType);
    tell(
        tx,
        user,
        run,
        question,
        new Event.MessageUpdated(
            question.id(),
            question.session(),
            question.status(),
            status,
            null,
            null,
            null,
            error,
            errorType,
            null,
            null,
            null,
            run.task()));
  }

  private void tell(Tx tx, UserId user, Run run, Message question, Event.Logged event) {
    events.append(tx, user, Draft.in(run.project(), question.session(), event).by(run.agent()));
  }
}
