package dev.artel.protocol;

import org.jspecify.annotations.Nullable;

/// Where the time of an answer went, in milliseconds from the acceptance of its question.
///
/// @param queueMs until its task started
/// @param firstTokenMs until the first piece of text, null when there was none
/// @param totalMs until it was stored
public record Latency(long queueMs, @Nullable Long firstTokenMs, long totalMs) {}
