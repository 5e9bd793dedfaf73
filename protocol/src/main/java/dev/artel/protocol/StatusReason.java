package dev.artel.protocol;

import com.fasterxml.jackson.annotation.JsonValue;

/// What made an agent change its status.
public enum StatusReason implements Words {
  TASK,
  HEALTH,
  RECOVERY,
  FAILURE;

  @Override
  @JsonValue
  public String word() {
    return Words.super.word();
  }
}
