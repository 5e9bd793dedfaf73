package dev.artel.protocol;

import com.fasterxml.jackson.annotation.JsonValue;

/// Whether the user named the agent, or the orchestrator chose.
public enum MessageMode implements Words {
  DIRECT,
  ORCHESTRATED;

  @Override
  @JsonValue
  public String word() {
    return Words.super.word();
  }
}
