package dev.artel.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.artel.protocol.ErrorCode;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The body of every error answer, whoever gives it.
@Schema(description = "Every error answer has this shape.")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ErrorResponse(
    @Schema(example = "Agent not found") String detail,
    ErrorCode errorCode,
    Instant timestamp,
    @Nullable Map<String, Object> metadata,
    @Nullable List<FieldError> errors) {

  /// One violated constraint.
  ///
  /// @param location a JSON pointer into the body, or the parameter's name
  /// @param type the kind of constraint, such as `size` or `type`
  @Schema(name = "FieldError")
  public record FieldError(String location, String message, String type) {}
}
