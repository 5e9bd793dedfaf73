package dev.artel.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/// One execution by one agent.
public record TaskId(@JsonValue UUID value) {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public TaskId {}

  @Override
  public String toString() {
    return value.toString();
  }
}
