package dev.artel.protocol;

import com.fasterxml.jackson.annotation.JsonValue;

/// Why the server ends a stream.
public enum CloseReason implements Words {
  SESSION_DELETED,
  SHUTDOWN,
  MAX_AGE,
  REPLACED,
  TASK_ENDED;

  @Override
  @JsonValue
  public String word() {
    return Words.super.word();
  }
}
