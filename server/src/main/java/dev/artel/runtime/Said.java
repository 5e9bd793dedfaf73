package dev.artel.runtime;

import dev.artel.protocol.Usage;
import org.jspecify.annotations.Nullable;

/// What came of one call of a model, and what it took. Written into the journal as it stands here:
/// a component may be added, when it may be null, but none renamed or taken away.
///
/// @param demo whether the built-in model answered
/// @param estimated whether the tokens were counted here, because the provider told none
/// @param firstTokenMs from the call to the first token; null when none came
record Said(
    String text,
    String thinking,
    String provider,
    String model,
    boolean demo,
    Usage usage,
    boolean estimated,
    @Nullable Long firstTokenMs,
    long totalMs) {}
