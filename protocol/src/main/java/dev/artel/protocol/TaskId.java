package dev.artel.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/// One execution by one agent.
public record TaskId(@JsonValue UUID value) {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public TaskId {}

  /// Reads an id as it stands in a path or a query.
  ///
  /// @throws IllegalArgumentException when it is no UUID
  public static TaskId of(String text) {
    return new TaskId(IdText.read(text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
