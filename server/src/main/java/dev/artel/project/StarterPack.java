package dev.artel.project;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.artel.protocol.Words;

/// Which team a new project begins with.
public enum StarterPack implements Words {
  /// Architect, Orchestrator, Ask, Debug and Code.
  ROLES,
  /// Four agents by craft.
  SPECIALISTS,
  /// Three helpers with default settings.
  ASSISTANTS;

  @Override
  @JsonValue
  public String word() {
    return Words.super.word();
  }
}
