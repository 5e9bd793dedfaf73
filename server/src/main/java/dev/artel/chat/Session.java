package dev.artel.chat;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.artel.protocol.Event;
import dev.artel.protocol.MessageId;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.Words;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One conversation, with what a list shows of it.
///
/// @param titleSet whether the user chose the title
/// @param messageCount messages that are not superseded
/// @param queuedCount messages that wait
/// @param preview the beginning of the latest answer
record Session(
    SessionId id,
    ProjectId project,
    @Nullable String title,
    boolean titleSet,
    boolean pinned,
    boolean archived,
    @Nullable SessionId forkedFromSession,
    @Nullable MessageId forkedFromMessage,
    Instant createdAt,
    Instant updatedAt,
    long messageCount,
    int queuedCount,
    State state,
    @Nullable String preview,
    @Nullable Instant lastMessageAt) {
  private static final int TITLE_CHARS = 60;

  /// The title that a session takes from its first message: the beginning, on one line.
  static String titleFrom(String content) {
    String text = content.strip().replaceAll("\\s+", " ");
    return text.codePointCount(0, text.length()) <= TITLE_CHARS
        ? text
        : text.substring(0, text.offsetByCodePoints(0, TITLE_CHARS));
  }

  /// What goes on in a session.
  enum State implements Words {
    IDLE,
    RUNNING,
    WAITING;

    @Override
    @JsonValue
    public String word() {
      return Words.super.word();
    }
  }

  Event.@Nullable ForkedFrom forkedFrom() {
    return forkedFromSession == null
        ? null
        : new Event.ForkedFrom(forkedFromSession, forkedFromMessage);
  }
}
