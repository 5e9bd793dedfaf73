package dev.artel.agent;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.artel.protocol.Words;

/// The pieces in which an agent's history is told, in UTC.
enum HistoryBucket implements Words {
  HOUR,
  DAY;

  @Override
  @JsonValue
  public String word() {
    return Words.super.word();
  }
}
