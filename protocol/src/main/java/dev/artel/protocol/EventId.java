package dev.artel.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/// One event of the log; equal on every stream and for ever.
public record EventId(@JsonValue UUID value) {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public EventId {}

  /// Reads an id as it stands in a path or a query.
  ///
  /// @throws IllegalArgumentException when it is no UUID
  public static EventId of(String text) {
    return new EventId(IdText.read(text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
