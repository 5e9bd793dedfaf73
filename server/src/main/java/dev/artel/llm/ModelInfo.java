package dev.artel.llm;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// One model of a provider. Prices are USD for one million tokens; null means unknown.
public record ModelInfo(
    String name,
    @Nullable Integer contextTokens,
    @Nullable Boolean tools,
    @Nullable BigDecimal priceIn,
    @Nullable BigDecimal priceOut) {}
