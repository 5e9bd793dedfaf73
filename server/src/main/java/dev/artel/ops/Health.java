package dev.artel.ops;

import dev.artel.http.WorkspaceCensus;
import io.swagger.v3.oas.annotations.media.Schema;

/// Whether the process lives. Depends on nothing outside of it.
@Schema(name = "Health")
record Health(@Schema(allowableValues = "ok") String status, WorkspaceCensus.Counts workspaces) {}
