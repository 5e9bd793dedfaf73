package dev.artel.protocol;

import com.fasterxml.jackson.annotation.JsonValue;

/// What a piece of a growing answer belongs to.
public enum DeltaKind implements Words {
  TEXT,
  THINKING;

  @Override
  @JsonValue
  public String word() {
    return Words.super.word();
  }
}
