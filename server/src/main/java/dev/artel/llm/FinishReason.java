package dev.artel.llm;

/// Why a model ended its answer by itself. Cancelled and broken answers are outcomes of their own.
public enum FinishReason {
  STOP,
  /// The answer reached the request's token limit.
  LENGTH
}
