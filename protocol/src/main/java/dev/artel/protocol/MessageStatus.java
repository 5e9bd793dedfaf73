package dev.artel.protocol;

import com.fasterxml.jackson.annotation.JsonValue;

/// How far the work that a message asks for, or is, has come.
public enum MessageStatus implements Words {
  QUEUED,
  PROCESSING,
  DONE,
  FAILED,
  CANCELLED;

  @Override
  @JsonValue
  public String word() {
    return Words.super.word();
  }
}
