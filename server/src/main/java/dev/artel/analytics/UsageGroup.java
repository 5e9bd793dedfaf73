package dev.artel.analytics;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.artel.protocol.Words;

/// By what usage is summed up, with the SQL that tells the key of an answer.
public enum UsageGroup implements Words {
  DAY("to_char(created_at at time zone 'UTC', 'YYYY-MM-DD')"),
  PROJECT("project_id::text"),
  AGENT("coalesce(agent_id::text, agent_name)"),
  MODEL("provider || '/' || model");

  private final String key;

  UsageGroup(String key) {
    this.key = key;
  }

  String key() {
    return key;
  }

  @Override
  @JsonValue
  public String word() {
    return Words.super.word();
  }
}
