package dev.artel.runtime;

import dev.artel.protocol.AgentId;
import dev.artel.protocol.FinishReason;
import dev.artel.protocol.Latency;
import dev.artel.protocol.Usage;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What an agent said, and what it took.
///
/// @param payload the structured part of an answer that was JSON
/// @param demo whether the built-in model answered
public record Answer(
    String content,
    @Nullable Map<String, Object> payload,
    AgentId agent,
    String agentName,
    String provider,
    String model,
    boolean demo,
    Usage usage,
    Latency latency,
    FinishReason finishReason,
    int attempt,
    int contextUsed) {}
