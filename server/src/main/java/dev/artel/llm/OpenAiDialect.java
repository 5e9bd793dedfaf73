package dev.artel.llm;

import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiTokenUsage;
import dev.langchain4j.model.output.TokenUsage;
import java.math.BigDecimal;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Chat completions as OpenAI defined them and OpenRouter, Ollama, vLLM, llama.cpp and LM Studio
/// speak them.
final class OpenAiDialect implements Dialect {
  static final URI OPENAI = URI.create("https://api.openai.com/v1");

  private static final String OPENROUTER_HOST = "openrouter.ai";
  private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);
  // OpenAI's reasoning models refuse a temperature.
  private static final Pattern REASONING = Pattern.compile("(o\\d|gpt-[5-9]).*");
  // Models that a server lists beside those that chat.
  private static final Pattern NOT_FOR_CHAT =
      Pattern.compile(
          "(?i).*(embed|whisper|tts|dall-e|moderation|rerank|transcribe|-image|realtime|sora).*");

  private final URI base;
  private final @Nullable ApiKey key;

  OpenAiDialect(URI base, @Nullable ApiKey key) {
    this.base = base;
    this.key = key;
  }

  @Override
  public ProviderKind kind() {
    return ProviderKind.OPENAI;
  }

  @Override
  public URI base() {
    return base;
  }

  @Override
  public boolean ownService() {
    return base.equals(OPENAI);
  }

  @Override
  public @Nullable String defaultModel() {
    if (ownService()) {
      return "gpt-4.1";
    }
    return Objects.equals(base.getHost(), OPENROUTER_HOST) ? "openai/gpt-4.1" : null;
  }

  @Override
  public boolean accepts(String model) {
    return true;
  }

  @Override
  public StreamingChatModel model(String model, ModelRequest request, HttpClientBuilder http) {
    var builder =
        OpenAiStreamingChatModel.builder()
            .httpClientBuilder(http)
            .baseUrl(base.toString())
            .modelName(model)
            .returnThinking(true);
    if (key != null) {
      builder.apiKey(key.value());
    }
    if (!(ownService() && REASONING.matcher(model).matches())) {
      builder.temperature(request.temperature());
    }
    // OpenAI deprecates max_tokens and refuses it for newer models; other servers know only that.
    if (ownService()) {
      builder.maxCompletionTokens(request.maxTokens());
    } else {
      builder.maxTokens(request.maxTokens());
    }
    return builder.build();
  }

  @Override
  public boolean last(ServerSentEvent event) {
    return event.data().strip().equals("[DONE]");
  }

  @Override
  public TokenCounts counts(TokenUsage usage) {
    int cached = 0;
    if (usage instanceof OpenAiTokenUsage openAi) {
      var details = openAi.inputTokensDetails();
      cached = details == null || details.cachedTokens() == null ? 0 : details.cachedTokens();
    }
    return new TokenCounts(
        RemoteProvider.orZero(usage.inputTokenCount()),
        RemoteProvider.orZero(usage.outputTokenCount()),
        cached);
  }

  @Override
  public URI listUri() {
    return URI.create(base + "/models");
  }

  @Override
  public Map<String, String> listHeaders() {
    return key == null ? Map.of() : Map.of("Authorization", "Bearer " + key.value());
  }

  @Override
  public List<ModelInfo> list(JsonNode answer) {
    List<ModelInfo> models = new ArrayList<>();
    for (JsonNode model : answer.path("data")) {
      String id = model.path("id").asString("");
      if (id.isEmpty() || NOT_FOR_CHAT.matcher(id).matches()) {
        continue;
      }
      // The context's size is no part of OpenAI's format: OpenRouter, vLLM and llama.cpp each have
      // a field of their own.
      Integer context =
          RemoteProvider.firstNumber(
              model.path("context_length"),
              model.path("max_model_len"),
              model.path("meta").path("n_ctx"),
              model.path("meta").path("n_ctx_train"));
      JsonNode parameters = model.path("supported_parameters");
      Boolean tools =
          parameters.isArray()
              ? Boolean.valueOf(
                  parameters.valueStream().anyMatch(p -> p.asString("").equals("tools")))
              : null;
      JsonNode pricing = model.path("pricing");
      models.add(
          new ModelInfo(
              id,
              context,
              tools,
              perMillion(pricing.path("prompt")),
              perMillion(pricing.path("completion"))));
    }
    return models;
  }

  // OpenRouter states USD for one token, as text.
  private static @Nullable BigDecimal perMillion(JsonNode price) {
    try {
      BigDecimal amount = price.isString() ? new BigDecimal(price.asString()) : null;
      return amount == null || amount.signum() < 0
          ? null
          : amount.multiply(MILLION).stripTrailingZeros();
    } catch (NumberFormatException _) {
      return null;
    }
  }
}
