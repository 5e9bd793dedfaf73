package dev.artel.llm;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.artel.http.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// Which models there are, over HTTP.
@Tag(name = "Models")
@RestController
class ModelRoutes {
  private final Models models;

  ModelRoutes(Models models) {
    this.models = models;
  }

  @Schema(name = "ModelsResponse")
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record ModelsResponse(
      @Schema(name = "default", description = "Who answers where no agent says otherwise.")
          @com.fasterxml.jackson.annotation.JsonProperty("default")
          @Nullable DefaultModel standard,
      List<ProviderEntry> providers) {}

  @Schema(name = "DefaultModel")
  record DefaultModel(String provider, String model, boolean demo) {}

  @Schema(name = "ModelProvider")
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record ProviderEntry(
      @Schema(example = "openai") String id,
      @Schema(allowableValues = {"openai", "anthropic", "gemini", "demo"}) String kind,
      @Schema(allowableValues = {"configuration", "environment", "ollama", "built_in"})
          String source,
      boolean available,
      @Schema(description = "Why it is not available.") @Nullable String errorType,
      List<ModelEntry> models) {}

  @Schema(name = "ModelEntry")
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record ModelEntry(
      String name,
      @Nullable Integer contextTokens,
      @Schema(description = "Whether it can call tools; null when unknown.")
          @Nullable Boolean tools,
      @Schema(description = "USD per million tokens; null when unknown.")
          @Nullable BigDecimal priceIn,
      @Schema(description = "USD per million tokens; null when unknown.")
          @Nullable BigDecimal priceOut) {}

  @Operation(
      operationId = "listModels",
      summary = "List providers and their models",
      description = "Asked for free at most once a minute; never a paid call.")
  @ApiResponse(responseCode = "200", description = "All providers, the default first.")
  @GetMapping(path = "/my/models", produces = MediaType.APPLICATION_JSON_VALUE)
  ModelsResponse list(Caller caller) throws InterruptedException {
    DefaultModel standard =
        switch (models.defaultModel()) {
          case Resolution.Served served ->
              new DefaultModel(served.provider(), served.model(), served.demo());
          case Resolution.NoModel _ -> null;
        };
    return new ModelsResponse(
        standard, models.providers().stream().map(ModelRoutes::entry).toList());
  }

  private static ProviderEntry entry(ProviderInfo info) {
    return new ProviderEntry(
        info.id(),
        info.kind().wire(),
        info.source().wire(),
        info.available(),
        info.errorType() == null ? null : info.errorType().wire(),
        info.models().stream()
            .map(model ->
                new ModelEntry(
                    model.name(),
                    model.contextTokens(),
                    model.tools(),
                    model.priceIn(),
                    model.priceOut()))
            .toList());
  }
}
