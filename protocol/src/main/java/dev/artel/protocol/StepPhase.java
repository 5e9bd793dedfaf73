package dev.artel.protocol;

import com.fasterxml.jackson.annotation.JsonValue;

/// What an event tells of a step.
public enum StepPhase implements Words {
  STARTED,
  COMPLETED,
  FAILED;

  @Override
  @JsonValue
  public String word() {
    return Words.super.word();
  }
}
