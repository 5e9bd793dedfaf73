package dev.artel.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/// One agent of one project, whatever its name and version.
public record AgentId(@JsonValue UUID value) {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public AgentId {}

  /// Reads an id as it stands in a path or a query.
  ///
  /// @throws IllegalArgumentException when it is no UUID
  public static AgentId of(String text) {
    return new AgentId(IdText.read(text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
