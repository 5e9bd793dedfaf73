package dev.artel.protocol;

import com.fasterxml.jackson.annotation.JsonValue;

/// What an agent can ask the user's hands to do.
public enum ToolName implements Words {
  READ_FILE,
  WRITE_FILE,
  EDIT_FILE,
  LIST_DIRECTORY,
  SEARCH_FILES,
  EXECUTE_COMMAND;

  @Override
  @JsonValue
  public String word() {
    return Words.super.word();
  }
}
