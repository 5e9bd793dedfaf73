package dev.artel.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/// One message of one session, a question or an answer.
public record MessageId(@JsonValue UUID value) {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public MessageId {}

  /// Reads an id as it stands in a path or a query.
  ///
  /// @throws IllegalArgumentException when it is no UUID
  public static MessageId of(String text) {
    return new MessageId(IdText.read(text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
