package dev.artel.protocol;

import com.fasterxml.jackson.annotation.JsonValue;

/// What a step of a task does.
public enum StepKind implements Words {
  RECALL,
  MODEL,
  TOOL,
  PLAN,
  MERGE;

  @Override
  @JsonValue
  public String word() {
    return Words.super.word();
  }
}
