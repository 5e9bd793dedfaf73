package dev.artel.protocol;

import com.fasterxml.jackson.annotation.JsonValue;

/// Who speaks in a message.
public enum MessageRole implements Words {
  USER,
  ASSISTANT,
  SYSTEM;

  @Override
  @JsonValue
  public String word() {
    return Words.super.word();
  }
}
