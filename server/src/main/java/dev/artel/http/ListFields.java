package dev.artel.http;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// What every list answer has beside its array, for the published document. `Listing` writes it.
@Schema(name = "Listing", description = "What every list answer has beside its array.")
public record ListFields(
    @Schema(description = "How many there are in all, under the same filters.", example = "1")
        long total,
    @Schema(description = "The same value as total.", example = "1") long totalCount,
    @Schema(example = "50", minimum = "1", maximum = "100") int limit,
    @Schema(example = "0", minimum = "0") int offset,
    boolean hasNext,
    @Nullable String nextUrl,
    @Nullable String prevUrl,
    @Nullable String nextCursor) {}
