package dev.artel.runtime;

import dev.artel.bus.Claim;
import dev.artel.db.Tx;
import dev.artel.llm.ModelMessage;
import dev.artel.protocol.MessageId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.UserId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The history that a turn may read, and where its draft, answer or failure is stored: always in
/// the transaction that also moves the task. Implemented by chat.
public interface Conversation {
  /// What a turn works on.
  ///
  /// @param answer the id that the answer will have, whoever completes the task
  /// @param text the question without a leading `@name`
  /// @param history what was said before, oldest first, at most ten messages
  record Turn(
      SessionId session,
      MessageId question,
      MessageId answer,
      String text,
      List<ModelMessage> history) {
    public Turn {
      history = List.copyOf(history);
    }
  }

  /// Keeps everybody else from the conversation until this transaction ends, so that its messages
  /// have one order. Comes before the claim itself is held, as with those who change what waits.
  void hold(Tx tx, UserId user, Claim claim);

  /// Marks the question as taken up and reads what the turn needs; empty when it is gone.
  Optional<Turn> begin(Tx tx, UserId user, Claim claim);

  /// Keeps the text so far, replacing the draft before; nothing once another claim writes.
  void draft(Tx tx, UserId user, Claim claim, Turn turn, String text, String thinking);

  /// Stores how the turn ended: the answer, when there is one, and the question's status.
  void end(Tx tx, UserId user, Claim claim, Turn turn, TurnEnd end);

  /// Stores that the question could not be taken up at all.
  void refuse(Tx tx, UserId user, Claim claim, String error, String errorType);

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
