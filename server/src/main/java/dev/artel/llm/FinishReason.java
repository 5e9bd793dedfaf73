package dev.artel.llm;

import java.util.Locale;

/// Why a model ended its answer by itself. Cancelled and broken answers are outcomes of their own.
public enum FinishReason {
  STOP,
  /// The answer reached the request's token limit.
  LENGTH;

  /// The name on the wire.
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
