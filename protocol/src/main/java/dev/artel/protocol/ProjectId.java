package dev.artel.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/// One project of one user.
public record ProjectId(@JsonValue UUID value) {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public ProjectId {}

  @Override
  public String toString() {
    return value.toString();
  }
}
