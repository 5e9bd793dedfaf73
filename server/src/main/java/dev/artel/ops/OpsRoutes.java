package dev.artel.ops;

import dev.artel.base.Fault;
import dev.artel.http.WorkspaceCensus;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/// What probes, scrapers and the curious ask. None needs a token.
@RestController
@Tag(name = "Service")
final class OpsRoutes {
  static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final OpsSettings settings;
  private final Readiness readiness;
  private final Supplier<WorkspaceCensus.Counts> workspaces;
  private final PrometheusMeterRegistry meters;

  OpsRoutes(
      OpsSettings settings,
      Readiness readiness,
      Supplier<WorkspaceCensus.Counts> workspaces,
      PrometheusMeterRegistry meters) {
    this.settings = settings;
    this.readiness = readiness;
    this.workspaces = workspaces;
    this.meters = meters;
  }

  @Operation(
      operationId = "getService",
      summary = "What answers here",
      description = "A browser is sent to the user interface.")
  @ApiResponse(
      responseCode = "200",
      content =
          @Content(
              mediaType = "application/json",
              schema = @Schema(implementation = ServiceStatus.class),
              examples =
                  @ExampleObject(
                      "{\"name\": \"Artel\", \"version\": \"0.1.0\", \"status\": \"running\"}")))
  @ApiResponse(responseCode = "302", description = "To the user interface", content = @Content)
  @GetMapping("/")
  @Nullable ServiceStatus service(
      @RequestHeader(name = "Accept", required = false) @Nullable String accept,
      HttpServletResponse response) {
    response.setHeader("Vary", "Accept");
    if (accept != null && accept.contains("text/html")) {
      response.setStatus(HttpServletResponse.SC_FOUND);
      response.setHeader("Location", "/app/");
      return null;
    }
    return new ServiceStatus("Artel", settings.version(), "running");
  }

  @Operation(operationId = "getHealth", summary = "Whether the process lives")
  @ApiResponse(
      responseCode = "200",
      content =
          @Content(
              mediaType = "application/json",
              schema = @Schema(implementation = Health.class),
              examples =
                  @ExampleObject(
                      "{\"status\": \"ok\", \"workspaces\": {\"active\": 0, \"healthy\": 0, \"degraded\": 0, \"unhealthy\": 0}}")))
  @GetMapping("/health")
  Health health() {
    return new Health("ok", workspaces.get());
  }

  @Operation(
      operationId = "getReadiness",
      summary = "Whether the service can serve",
      description = "A degraded part keeps 200; `metadata.failed` of a 503 names what failed.")
  @ApiResponse(
      responseCode = "200",
      content =
          @Content(
              mediaType = "application/json",
              schema = @Schema(implementation = Readiness.Ready.class),
              examples =
                  @ExampleObject(
                      "{\"status\": \"ready\", \"degraded\": [], \"checks\": {\"postgresql\": \"ok\", \"schema\": \"ok\"}}")))
  @GetMapping("/ready")
  Readiness.Ready ready() throws InterruptedException {
    return readiness.check();
  }

  @Operation(
      operationId = "getMetrics",
      summary = "Measurements as Prometheus text",
      description = "Local mode only; in production mode the management port answers instead.")
  @ApiResponse(
      responseCode = "200",
      content =
          @Content(
              mediaType = "text/plain",
              schema = @Schema(type = "string"),
              examples = @ExampleObject("# TYPE http_requests_total counter\n")))
  @GetMapping("/metrics")
  void metrics(HttpServletResponse response) throws IOException {
    if (!settings.metricsOnMainPort()) {
      throw Fault.notFound("Not found");
    }
    response.setContentType(METRICS_TYPE);
    meters.scrape(response.getOutputStream());
  }
}
