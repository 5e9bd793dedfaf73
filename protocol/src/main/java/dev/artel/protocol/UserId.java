package dev.artel.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/// The person who owns the data: the `sub` of their token.
public record UserId(@JsonValue UUID value) {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public UserId {}

  /// Reads an id as it stands in a path or a query.
  ///
  /// @throws IllegalArgumentException when it is no UUID
  public static UserId of(String text) {
    return new UserId(IdText.read(text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
