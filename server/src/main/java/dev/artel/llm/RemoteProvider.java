package dev.artel.llm;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.output.TokenUsage;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A provider behind HTTP, spoken to in its dialect.
final class RemoteProvider implements Provider {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int MODELS_MAX = 1000;

  private final String id;
  private final ProviderSource source;
  private final Dialect dialect;
  private final Network network;
  private final PriceTable prices;
  private final Clock clock;
  private final Duration listTimeout;
  private final Faults faults;

  RemoteProvider(
      String id,
      ProviderSource source,
      Dialect dialect,
      Network network,
      PriceTable prices,
      Clock clock,
      Duration listTimeout) {
    this.id = id;
    this.source = source;
    this.dialect = dialect;
    this.network = network;
    this.prices = prices;
    this.clock = clock;
    this.listTimeout = listTimeout;
    this.faults = new Faults(id);
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public ProviderKind kind() {
    return dialect.kind();
  }

  @Override
  public ProviderSource source() {
    return source;
  }

  @Override
  public @Nullable String defaultModel() {
    return dialect.defaultModel();
  }

  @Override
  public PriceTable.@Nullable Price price(String model) {
    PriceTable.Price known = prices.find(id, model, dialect.ownService());
    // The person's own machine sends no bill.
    return known == null && source == ProviderSource.OLLAMA ? PriceTable.FREE : known;
  }

  @Override
  public @Nullable URI onThisMachine() {
    String host = dialect.base().getHost();
    boolean loopback =
        host != null
            && (host.equalsIgnoreCase("localhost")
                || host.equals("[::1]")
                || host.matches("127(\\.\\d{1,3}){3}"));
    return loopback ? dialect.base() : null;
  }

  @Override
  public void stream(String model, ModelRequest request, Exchange exchange) {
    if (!dialect.accepts(model)) {
      exchange.fail(faults.badModelName());
      return;
    }
    ModelConnection connection =
        new ModelConnection(network, dialect.base(), exchange, faults, clock, dialect::last);
    try (Cancellation.Registration _ = exchange.cancellation().onCancel(connection::abort)) {
      if (exchange.open()) {
        dialect
            .model(model, request, connection.builder())
            .chat(chatRequest(request), new Handler(exchange, connection));
      }
    }
    // A stream that ends without its last event: Anthropic's module tells nobody.
    exchange.fail(faults.cut());
  }

  private static ChatRequest chatRequest(ModelRequest request) {
    List<ChatMessage> messages = new ArrayList<>();
    messages.add(SystemMessage.from(request.system()));
    for (ModelMessage message : request.messages()) {
      messages.add(
          switch (message) {
            case ModelMessage.User(String text) -> UserMessage.from(text);
            case ModelMessage.Assistant(String text) -> AiMessage.from(text);
          });
    }
    return ChatRequest.builder().messages(messages).build();
  }

  @Override
  public Listing list() {
    try {
      HttpResponse<byte[]> response =
          network.get(dialect.listUri(), dialect.listHeaders(), listTimeout);
      int status = response.statusCode();
      // A server that answers but has no list is there: the list is no part of every server.
      if (status == 404 || status == 405 || status == 501) {
        return new Listing(null, List.of());
      }
      if (status != 200) {
        return new Listing(faults.ofStatus(status, body(response), null).type(), List.of());
      }
      JsonNode answer = JSON.readTree(response.body());
      return new Listing(
          null, dialect.list(answer).stream().limit(MODELS_MAX).map(this::priced).toList());
    } catch (TimeoutException _) {
      return new Listing(ModelErrorType.TIMEOUT, List.of());
    } catch (ExecutionException _) {
      return new Listing(ModelErrorType.CONNECTION, List.of());
    } catch (JacksonException _) {
      return new Listing(ModelErrorType.UNKNOWN, List.of());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return new Listing(ModelErrorType.UNKNOWN, List.of());
    }
  }

  private static @Nullable JsonNode body(HttpResponse<byte[]> response) {
    try {
      return JSON.readTree(response.body());
    } catch (JacksonException _) {
      return null;
    }
  }

  private ModelInfo priced(ModelInfo listed) {
    PriceTable.Price price = price(listed.name());
    return price == null
        ? listed
        : new ModelInfo(
            listed.name(),
            listed.contextTokens() == null ? price.contextTokens() : listed.contextTokens(),
            listed.tools(),
            price.in(),
            price.out());
  }

  static int orZero(@Nullable Integer number) {
    return number == null ? 0 : number;
  }

  static @Nullable Integer firstNumber(JsonNode... candidates) {
    for (JsonNode candidate : candidates) {
      if (candidate.isInt()) {
        return candidate.intValue();
      }
    }
    return null;
  }

  /// Copies what LangChain4j reports into the exchange and keeps none of its objects: its metadata
  /// holds every raw event of the stream.
  private final class Handler implements StreamingChatResponseHandler {
    private final Exchange exchange;
    private final ModelConnection connection;

    Handler(Exchange exchange, ModelConnection connection) {
      this.exchange = exchange;
      this.connection = connection;
    }

    @Override
    public void onPartialResponse(String piece) {
      exchange.text(piece);
    }

    @Override
    public void onPartialThinking(PartialThinking piece) {
      String text = piece.text();
      if (text != null) {
        exchange.thinking(text);
      }
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
      TokenUsage usage = response.tokenUsage();
      TokenCounts counts =
          usage == null || usage.inputTokenCount() == null ? null : dialect.counts(usage);
      var reason = response.finishReason();
      if (reason == null && !connection.sawLast()) {
        exchange.fail(faults.cut());
        return;
      }
      switch (reason) {
        case LENGTH -> exchange.finish(FinishReason.LENGTH, counts);
        // Anthropic's refusals arrive as OTHER.
        case CONTENT_FILTER, OTHER -> {
          if (exchange.started()) {
            exchange.finish(FinishReason.STOP, counts);
          } else {
            exchange.fail(faults.refusedContent());
          }
        }
        case null -> exchange.finish(FinishReason.STOP, counts);
        case STOP, TOOL_EXECUTION -> exchange.finish(FinishReason.STOP, counts);
      }
    }

    @Override
    public void onError(Throwable error) {
      // What the wire did is already told; this is JSON that is none.
      exchange.fail(faults.malformed());
    }
  }
}
