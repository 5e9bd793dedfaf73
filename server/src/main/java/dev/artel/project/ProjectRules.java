package dev.artel.project;

import dev.artel.http.ErrorResponse.FieldError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a project may be called and where it may lie. Each rule adds what it refuses to a list, so
/// that an answer names everything at once.
final class ProjectRules {
  static final int NAME_CHARS_MAX = 255;
  static final int PATH_CHARS_MAX = 500;

  private ProjectRules() {}

  static void name(@Nullable String name, List<FieldError> errors) {
    if (name == null) {
      errors.add(new FieldError("/name", "is required", "required"));
    } else if (name.isBlank()) {
      errors.add(new FieldError("/name", "must not be blank", "size"));
    } else {
      text("/name", name, NAME_CHARS_MAX, errors);
    }
  }

  static void workspacePath(@Nullable String path, List<FieldError> errors) {
    if (path != null) {
      text("/workspace_path", path, PATH_CHARS_MAX, errors);
    }
  }

  private static void text(String location, String text, int charsMax, List<FieldError> errors) {
    if (text.codePointCount(0, text.length()) > charsMax) {
      errors.add(new FieldError(location, "must have at most " + charsMax + " characters", "size"));
    }
    if (text.chars().anyMatch(Character::isISOControl)) {
      errors.add(new FieldError(location, "must not hold control characters", "pattern"));
    }
  }
}
