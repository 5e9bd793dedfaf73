package dev.artel.bus;

import dev.artel.protocol.Usage;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How a run ended.
public sealed interface TaskEnd {
  /// Done; `preview` is the beginning of the answer.
  record Completed(Map<String, Object> result, String preview, @Nullable Usage usage)
      implements TaskEnd {}

  /// Failed for good.
  record Failed(String error, String errorType, @Nullable Usage usage) implements TaskEnd {}

  /// Ended on request.
  record Cancelled(String reason, @Nullable Usage usage) implements TaskEnd {}
}
