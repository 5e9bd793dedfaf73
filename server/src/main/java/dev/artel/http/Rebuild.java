package dev.artel.http;

import dev.artel.protocol.UserId;
import java.util.UUID;
import org.springframework.http.ResponseEntity;

/// Answers a repeated POST from what the first one made, when the first answer was lost in a crash,
/// was too large to keep, or failed and is not kept. One for each kind of resource that a key is
/// recorded with.
public interface Rebuild {
  /// The kind, as it is recorded, such as `agent`.
  String resourceType();

  /// The answer that the resource's present state deserves. Must not make a second one.
  ResponseEntity<?> answer(UserId user, UUID resource);
}
