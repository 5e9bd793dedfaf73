package dev.artel.analytics;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// What the model calls of one day, project, agent or model used.
///
/// @param key the day, or the id, or the model; null for answers without one
/// @param costUsd null when no price was known
/// @param unpricedCalls calls whose price was not known, and which the cost leaves out
public record UsageRow(
    @Nullable String key,
    long calls,
    long tokensIn,
    long tokensOut,
    long tokensCached,
    @Nullable BigDecimal costUsd,
    long unpricedCalls) {}
