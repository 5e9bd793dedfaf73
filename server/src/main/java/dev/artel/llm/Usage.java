package dev.artel.llm;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// What an answer used. `tokensCached` is part of `tokensIn`; `costUsd` is null when the price is
/// unknown; `estimated` says that the provider sent no numbers and ours were counted.
public record Usage(
    int calls,
    long tokensIn,
    long tokensOut,
    long tokensCached,
    @Nullable BigDecimal costUsd,
    boolean estimated) {
  /// Nothing was used: no model worked.
  public static final Usage NONE = new Usage(0, 0, 0, 0, BigDecimal.ZERO, false);

  /// The sum of two; an unknown price makes the sum unknown.
  public Usage plus(Usage other) {
    return new Usage(
        calls + other.calls,
        tokensIn + other.tokensIn,
        tokensOut + other.tokensOut,
        tokensCached + other.tokensCached,
        costUsd == null || other.costUsd == null ? null : costUsd.add(other.costUsd),
        estimated || other.estimated);
  }
}
