package dev.artel.agent;

import dev.artel.protocol.AgentRole;
import dev.artel.protocol.AgentStatus;
import org.jspecify.annotations.Nullable;

/// Which agents of a project are wanted; null: whatever.
///
/// @param name a part of the name, ignoring letter case
public record AgentFilter(
    @Nullable AgentStatus status, @Nullable AgentRole role, @Nullable String name) {
  public static final AgentFilter ALL = new AgentFilter(null, null, null);
}
