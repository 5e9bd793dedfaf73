package dev.artel.http;

import java.util.List;

/// A body or parameter that violates the published schema: answered with 422 and every violation,
/// each with its place.
public final class Invalid extends RuntimeException {
  private final List<ErrorResponse.FieldError> errors;

  public Invalid(List<ErrorResponse.FieldError> errors) {
    super("The request is not valid: " + errors.getFirst().message());
    this.errors = List.copyOf(errors);
  }

  /// One violation.
  public static Invalid at(String location, String message, String type) {
    return new Invalid(List.of(new ErrorResponse.FieldError(location, message, type)));
  }

  public List<ErrorResponse.FieldError> errors() {
    return errors;
  }
}
