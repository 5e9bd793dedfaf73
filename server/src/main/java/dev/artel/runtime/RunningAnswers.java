package dev.artel.runtime;

import dev.artel.protocol.MessageId;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.UserId;
import java.util.Optional;

/// The door to answers that are being written in this process.
public final class RunningAnswers {
  private final Answers answers;

  RunningAnswers(Answers answers) {
    this.answers = answers;
  }

  /// An answer's id and its text so far.
  public record Text(MessageId message, String content) {}

  /// The answer that this task is writing here; empty when it is not, or writes elsewhere.
  public Optional<Text> of(UserId user, TaskId task) {
    return answers
        .growing(user, task)
        .map(growing -> new Text(growing.turn.answer(), growing.text()));
  }
}
