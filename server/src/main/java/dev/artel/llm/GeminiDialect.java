package dev.artel.llm;

import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.googleai.GoogleAiGeminiStreamingChatModel;
import dev.langchain4j.model.googleai.GoogleAiGeminiTokenUsage;
import dev.langchain4j.model.output.TokenUsage;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// Google's Gemini API.
final class GeminiDialect implements Dialect {
  static final URI GEMINI = URI.create("https://generativelanguage.googleapis.com/v1beta");

  // The name becomes a part of the URL's path.
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  private final URI base;
  private final ApiKey key;

  GeminiDialect(URI base, ApiKey key) {
    this.base = base;
    this.key = key;
  }

  @Override
  public ProviderKind kind() {
    return ProviderKind.GEMINI;
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
    return "gemini-2.5-flash";
  }

  @Override
  public boolean accepts(String model) {
    return NAME.matcher(model).matches();
  }

  @Override
  public StreamingChatModel model(String model, ModelRequest request, HttpClientBuilder http) {
    return GoogleAiGeminiStreamingChatModel.builder()
        .httpClientBuilder(http)
        .baseUrl(base.toString())
        .apiKey(key.value())
        .modelName(model)
        .temperature(request.temperature())
        .maxOutputTokens(request.maxTokens())
        .returnThinking(true)
        .build();
  }

  @Override
  public boolean last(ServerSentEvent event) {
    // Gemini's stream just ends. Usage may follow the finish reason, so that is not the end.
    return false;
  }

  @Override
  public TokenCounts counts(TokenUsage usage) {
    // Gemini counts thoughts beside the output, not in it.
    long thoughts = 0;
    long cached = 0;
    if (usage instanceof GoogleAiGeminiTokenUsage gemini) {
      thoughts = RemoteProvider.orZero(gemini.thoughtsTokenCount());
      cached = RemoteProvider.orZero(gemini.cachedContentTokenCount());
    }
    return new TokenCounts(
        RemoteProvider.orZero(usage.inputTokenCount()),
        RemoteProvider.orZero(usage.outputTokenCount()) + thoughts,
        cached);
  }

  @Override
  public URI listUri() {
    return URI.create(base + "/models?pageSize=200");
  }

  @Override
  public Map<String, String> listHeaders() {
    return Map.of("x-goog-api-key", key.value());
  }

  @Override
  public List<ModelInfo> list(JsonNode answer) {
    List<ModelInfo> models = new ArrayList<>();
    for (JsonNode model : answer.path("models")) {
      String name = model.path("name").asString("");
      boolean chats =
          model
              .path("supportedGenerationMethods")
              .valueStream()
              .anyMatch(method -> method.asString("").equals("generateContent"));
      if (chats && name.startsWith("models/")) {
        models.add(
            new ModelInfo(
                name.substring("models/".length()),
                RemoteProvider.firstNumber(model.path("inputTokenLimit")),
                true,
                null,
                null));
      }
    }
    return models;
  }
}
