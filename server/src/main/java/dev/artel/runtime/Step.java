package dev.artel.runtime;

import dev.artel.protocol.StepKind;
import dev.artel.protocol.StepStatus;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One attempt of a step of a task, as people look at it.
record Step(
    int step,
    int attempt,
    StepKind kind,
    String title,
    StepStatus status,
    @Nullable String provider,
    @Nullable String model,
    @Nullable Long tokensIn,
    @Nullable Long tokensOut,
    @Nullable BigDecimal costUsd,
    @Nullable String error,
    @Nullable String errorType,
    Instant startedAt,
    @Nullable Instant completedAt) {

  /// With what went in and came out, as JSON text that may have been cut.
  record Whole(Step step, String input, @Nullable String output) {}
}
