package dev.artel.chat;

import dev.artel.http.Rebuild;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.UserId;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;

/// Answers a repeated POST that made a session with that session as it is now.
final class RepeatedSession implements Rebuild {
  private final Sessions sessions;

  RepeatedSession(Sessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public String resourceType() {
    return "session";
  }

  @Override
  public ResponseEntity<?> answer(UserId user, UUID resource) {
    return ResponseEntity.status(HttpStatus.CREATED)
        .body(SessionResponse.of(sessions.anywhere(user, new SessionId(resource))));
  }
}
