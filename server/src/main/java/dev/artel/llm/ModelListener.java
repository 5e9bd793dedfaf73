package dev.artel.llm;

import java.time.Duration;

/// Hears of an answer while it grows, on the thread that called. An exception thrown here ends the
/// call, closes the connection and reaches the caller.
public interface ModelListener {
  /// The next piece of the answer.
  void onText(String piece);

  /// The next piece of the model's thinking, where a provider shows it.
  default void onThinking(String piece) {}

  /// Attempt `attempt` failed before its first token; the next one starts after `wait`.
  default void onRetry(int attempt, ModelErrorType errorType, Duration wait) {}
}
