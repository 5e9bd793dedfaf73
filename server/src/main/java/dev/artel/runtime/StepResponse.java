package dev.artel.runtime;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.artel.protocol.StepKind;
import dev.artel.protocol.StepStatus;
import dev.artel.protocol.WireCodec;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A step as the API answers it.
@Schema(name = "TaskStepResponse")
@JsonInclude(JsonInclude.Include.ALWAYS)
record StepResponse(
    @Schema(description = "1 for the first step.", example = "1") int step,
    StepKind kind,
    @Schema(example = "openai/gpt-5-mini") String title,
    StepStatus status,
    @Schema(
            description =
                "Of this step. One that was interrupted, or that failed and may pass, is run again under the next number.",
            example = "1")
        int attempt,
    Instant startedAt,
    @Nullable Instant completedAt,
    @Nullable Long durationMs,
    @Nullable String provider,
    @Nullable String model,
    @Nullable Long tokensIn,
    @Nullable Long tokensOut,
    @Schema(description = "In US dollars; null when the price is unknown.")
        @Nullable BigDecimal costUsd,
    @Nullable String error,
    @Schema(
            description =
                "A model's error, or interrupted, cancelled, task_timeout; null of a step that did not fail.")
        @Nullable String errorType) {
  /// More of what went in or came out is not shown.
  static final int CHARS_MAX = 64 * 1024;

  static StepResponse of(Step step) {
    Instant completed = step.completedAt();
    return new StepResponse(
        step.step(),
        step.kind(),
        step.title(),
        step.status(),
        step.attempt(),
        step.startedAt(),
        completed,
        completed == null ? null : Duration.between(step.startedAt(), completed).toMillis(),
        step.provider(),
        step.model(),
        step.tokensIn(),
        step.tokensOut(),
        step.costUsd(),
        step.error(),
        step.errorType());
  }

  /// With what went in and came out.
  @Schema(name = "TaskStepDetail")
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Whole(
      @com.fasterxml.jackson.annotation.JsonUnwrapped StepResponse summary,
      @Schema(
              description =
                  "What was asked; the beginning of its text when it is longer than 64 KiB.")
          @Nullable Object input,
      @Schema(description = "What came; the beginning of its text when it is longer than 64 KiB.")
          @Nullable Object output,
      @Schema(description = "Whether input or output was cut.") boolean truncated) {

    static Whole of(Step.Whole whole) {
      String output = whole.output();
      return new Whole(
          StepResponse.of(whole.step()),
          shown(whole.input()),
          output == null ? null : shown(output),
          isCut(whole.input()) || (output != null && isCut(output)));
    }

    private static boolean isCut(String json) {
      return json.length() > CHARS_MAX;
    }

    /// JSON as JSON, and the beginning of a longer one as text.
    private static Object shown(String json) {
      if (!isCut(json)) {
        return WireCodec.json().readTree(json);
      }
      int end = Character.isHighSurrogate(json.charAt(CHARS_MAX - 1)) ? CHARS_MAX - 1 : CHARS_MAX;
      return json.substring(0, end);
    }
  }
}
