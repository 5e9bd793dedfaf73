package dev.artel.protocol;

import com.fasterxml.jackson.annotation.JsonValue;

/// Whether an agent can work: at rest, at work, or broken.
public enum AgentStatus implements Words {
  READY,
  BUSY,
  ERROR;

  @Override
  @JsonValue
  public String word() {
    return Words.super.word();
  }
}
