package dev.artel.protocol;

import com.fasterxml.jackson.annotation.JsonValue;

/// The state of one execution by one agent.
public enum TaskStatus implements Words {
  QUEUED,
  RUNNING,
  AWAITING_APPROVAL,
  AWAITING_RUNNER,
  COMPLETED,
  FAILED,
  CANCELLED;

  @Override
  @JsonValue
  public String word() {
    return Words.super.word();
  }
}
