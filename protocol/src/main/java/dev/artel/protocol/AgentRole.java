package dev.artel.protocol;

import com.fasterxml.jackson.annotation.JsonValue;

/// What an agent is for; decides its default tools and who answers when nobody is named.
public enum AgentRole implements Words {
  ARCHITECT,
  ORCHESTRATOR,
  CODE,
  ASK,
  DEBUG,
  CUSTOM;

  @Override
  @JsonValue
  public String word() {
    return Words.super.word();
  }
}
