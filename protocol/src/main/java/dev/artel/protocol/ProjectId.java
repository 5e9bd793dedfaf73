package dev.artel.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/// One project of one user.
public record ProjectId(@JsonValue UUID value) {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public ProjectId {}

  /// Reads an id as it stands in a path or a query.
  ///
  /// @throws IllegalArgumentException when it is no UUID
  public static ProjectId of(String text) {
    return new ProjectId(IdText.read(text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
