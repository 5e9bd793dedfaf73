package dev.artel.protocol;

import com.fasterxml.jackson.annotation.JsonValue;

/// Where a step of a task stands.
public enum StepStatus implements Words {
  RUNNING,
  COMPLETED,
  FAILED;

  @Override
  @JsonValue
  public String word() {
    return Words.super.word();
  }
}
