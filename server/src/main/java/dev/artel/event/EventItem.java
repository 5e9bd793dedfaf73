package dev.artel.event;

import dev.artel.protocol.AgentId;
import dev.artel.protocol.EventId;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One stored event, whole.
///
/// @param payload what happened, with the metadata that every payload carries
/// @param seq the position in the session, null for what concerns the project alone
public record EventItem(
    EventId id,
    String eventType,
    Map<String, Object> payload,
    @Nullable SessionId sessionId,
    @Nullable AgentId agentId,
    ProjectId projectId,
    @Nullable Long seq,
    long projectSeq,
    Instant createdAt) {}
