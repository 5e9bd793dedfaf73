package dev.artel.protocol;

import com.fasterxml.jackson.annotation.JsonValue;

/// What a task executes.
public enum TaskKind implements Words {
  MESSAGE,
  PLAN_TASK;

  @Override
  @JsonValue
  public String word() {
    return Words.super.word();
  }
}
