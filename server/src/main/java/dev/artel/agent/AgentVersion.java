package dev.artel.agent;

import dev.artel.protocol.AgentId;
import java.time.Instant;

/// What an agent was called and how it was configured in one of its versions. Never changes.
public record AgentVersion(
    AgentId agent, int version, String name, AgentConfig config, Instant createdAt) {}
