package dev.artel.ops;

import io.swagger.v3.oas.annotations.media.Schema;

/// What answers here.
@Schema(name = "ServiceStatus")
record ServiceStatus(
    @Schema(example = "Artel") String name,
    @Schema(example = "0.1.0") String version,
    @Schema(allowableValues = "running") String status) {}
