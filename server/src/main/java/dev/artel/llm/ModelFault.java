package dev.artel.llm;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Why one attempt failed. `retryable` tells whether the same request may succeed a little later.
record ModelFault(
    ModelErrorType type, String message, boolean retryable, @Nullable Duration retryAfter) {
  /// The same, with the wait that the provider asked for.
  ModelFault after(@Nullable Duration wait) {
    return new ModelFault(type, message, retryable, wait);
  }
}
