package dev.artel.http;

import dev.artel.protocol.ProjectId;
import dev.artel.protocol.UserId;

/// Knows the project that flat paths stand for. Implemented by project; the edge asks it to see
/// that both spellings of a path are one.
public interface DefaultProject {
  ProjectId of(UserId user);
}
