package dev.artel.llm;

/// Hears of an answer while it grows, on the thread that called. An exception thrown here ends the
/// call, closes the connection and reaches the caller.
public interface ModelListener {
  /// The next piece of the answer.
  void onText(String piece);

  /// The next piece of the model's thinking, where a provider shows it.
  default void onThinking(String piece) {}
}
