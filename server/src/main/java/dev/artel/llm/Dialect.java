package dev.artel.llm;

import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.output.TokenUsage;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What differs between the protocols of remote providers. Each wraps one LangChain4j module.
interface Dialect {
  ProviderKind kind();

  URI base();

  /// The provider's own service, whose list prices are known.
  boolean ownService();

  /// The model to ask when nobody named one; null means the first of the provider's list.
  @Nullable String defaultModel();

  boolean accepts(String model);

  StreamingChatModel model(String model, ModelRequest request, HttpClientBuilder http);

  /// Whether this event is the provider's last one.
  boolean last(ServerSentEvent event);

  TokenCounts counts(TokenUsage usage);

  URI listUri();

  Map<String, String> listHeaders();

  List<ModelInfo> list(JsonNode answer);
}
