package dev.artel.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/// The person who owns the data: the `sub` of their token.
public record UserId(@JsonValue UUID value) {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public UserId {}

  @Override
  public String toString() {
    return value.toString();
  }
}
