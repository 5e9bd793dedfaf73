package dev.artel.protocol;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// What model calls used: tokens, and money in USD.
///
/// @param costUsd null when a price is unknown
public record Usage(
    int calls, long tokensIn, long tokensOut, long tokensCached, @Nullable BigDecimal costUsd) {}
