package dev.artel.llm;

import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.anthropic.AnthropicTokenUsage;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.output.TokenUsage;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Anthropic's messages.
final class AnthropicDialect implements Dialect {
  static final URI ANTHROPIC = URI.create("https://api.anthropic.com/v1");

  private static final String VERSION = "2023-06-01";

  private final URI base;
  private final ApiKey key;

  AnthropicDialect(URI base, ApiKey key) {
    this.base = base;
    this.key = key;
  }

  @Override
  public ProviderKind kind() {
    return ProviderKind.ANTHROPIC;
  }

  @Override
  public URI base() {
    return base;
  }

  @Override
  public boolean ownService() {
    return true;
  }

  @Override
  public String defaultModel() {
    return "claude-sonnet-4-5";
  }

  @Override
  public boolean accepts(String model) {
    return true;
  }

  @Override
  public StreamingChatModel model(String model, ModelRequest request, HttpClientBuilder http) {
    return AnthropicStreamingChatModel.builder()
        .httpClientBuilder(http)
        .baseUrl(base.toString())
        .apiKey(key.value())
        .version(VERSION)
        .modelName(model)
        // An agent's temperature goes to 2, Anthropic's to 1.
        .temperature(Math.min(1.0, request.temperature()))
        .maxTokens(request.maxTokens())
        .returnThinking(true)
        .build();
  }

  @Override
  public boolean last(ServerSentEvent event) {
    return "message_stop".equals(event.event());
  }

  @Override
  public TokenCounts counts(TokenUsage usage) {
    // Anthropic counts what it read from or wrote to its cache beside the input, not in it.
    long read = 0;
    long written = 0;
    if (usage instanceof AnthropicTokenUsage anthropic) {
      read = RemoteProvider.orZero(anthropic.cacheReadInputTokens());
      written = RemoteProvider.orZero(anthropic.cacheCreationInputTokens());
    }
    return new TokenCounts(
        RemoteProvider.orZero(usage.inputTokenCount()) + read + written,
        RemoteProvider.orZero(usage.outputTokenCount()),
        read);
  }

  @Override
  public URI listUri() {
    return URI.create(base + "/models?limit=100");
  }

  @Override
  public Map<String, String> listHeaders() {
    return Map.of("x-api-key", key.value(), "anthropic-version", VERSION);
  }

  @Override
  public List<ModelInfo> list(JsonNode answer) {
    List<ModelInfo> models = new ArrayList<>();
    for (JsonNode model : answer.path("data")) {
      String id = model.path("id").asString("");
      if (!id.isEmpty()) {
        models.add(
            new ModelInfo(
                id, RemoteProvider.firstNumber(model.path("max_input_tokens")), true, null, null));
      }
    }
    return models;
  }
}
