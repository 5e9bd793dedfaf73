package dev.artel.runtime;

import dev.artel.bus.Claim;
import dev.artel.db.Tx;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.MessageId;
import dev.artel.protocol.MessageRole;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.UserId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The history that a turn may read, and where its draft, answer or failure is stored: always in
/// the transaction that also moves the task. Implemented by chat.
public interface Conversation {
  /// The run that speaks: whose turn it is, and which attempt at it.
  ///
  /// @param session the one whose turn it is
  /// @param attempt what a higher one stores replaces what a lower one stored
  record Run(
      ProjectId project, @Nullable SessionId session, TaskId task, AgentId agent, int attempt) {
    static Run of(Claim claim) {
      return new Run(
          claim.project(), claim.session(), claim.task(), claim.agent(), claim.attempt());
    }
  }

  /// Something that was said before.
  record Spoken(MessageRole by, String text) {}

  /// What a turn works on.
  ///
  /// @param answer the id that the answer will have, whoever completes the task
  /// @param text the question without a leading `@name`
  /// @param history what was said before, oldest first, at most ten messages
  record Turn(
      SessionId session, MessageId question, MessageId answer, String text, List<Spoken> history) {
    public Turn {
      history = List.copyOf(history);
    }
  }

  /// Keeps everybody else from the conversation until this transaction ends, so that its messages
  /// have one order. Comes before the claim of its task is held, as with those who change what
  /// waits.
  void hold(Tx tx, UserId user, Run run);

  /// Marks the question as taken up and reads what the turn needs; empty when it is gone.
  Optional<Turn> begin(Tx tx, UserId user, Run run);

  /// Keeps the text so far, replacing the draft before; nothing once another run writes.
  void draft(Tx tx, UserId user, Run run, Turn turn, String text, String thinking);

  /// Stores how the turn ended: the answer, when there is one, and the question's status.
  void end(Tx tx, UserId user, Run run, Turn turn, TurnEnd end);

  /// Stores that the question could not be taken up at all.
  void refuse(Tx tx, UserId user, Run run, String error, String errorType);

  /// How a turn ended; without an answer there is no text to keep.
  sealed interface TurnEnd {
    @Nullable Answer answer();

    record Answered(Answer answer) implements TurnEnd {}

    record Cancelled(@Nullable Answer answer) implements TurnEnd {}

    /// @param provider who was asked
    record Failed(
        @Nullable Answer answer, String error, String errorType, String provider, String model)
        implements TurnEnd {}
  }
}
