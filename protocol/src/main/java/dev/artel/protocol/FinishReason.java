package dev.artel.protocol;

import com.fasterxml.jackson.annotation.JsonValue;

/// Why an answer ended where it ended.
public enum FinishReason implements Words {
  STOP,
  LENGTH,
  CANCELLED,
  LIMIT,
  ERROR;

  @Override
  @JsonValue
  public String word() {
    return Words.super.word();
  }
}
