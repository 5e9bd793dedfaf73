package dev.artel.llm;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Why one attempt failed. `retryable` tells whether the same request may succeed a little later.
record ModelFault(
    ModelErrorType type, String message, boolean retryable, @Nullable Duration retryAfter) {
  static ModelFault of(ModelErrorType type, String message, boolean retryable) {
    return new ModelFault(type, message, retryable, null);
  }
}
