package dev.artel.llm;

import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventContext;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import dev.langchain4j.http.client.sse.ServerSentEventParsingHandle;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The transport under LangChain4j for one attempt. Its default transport runs callbacks on the
/// common pool and carries some 250 streams; this one sends and reads on the calling virtual
/// thread, can be aborted by another thread at any moment, and turns every fault of the wire into
/// an end of the [Exchange] itself, because LangChain4j would drop status, headers and cuts.
final class ModelConnection implements HttpClient {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int ERROR_BODY_MAX = 64 << 10;
  private static final long ERROR_BODY_NANOS = TimeUnit.SECONDS.toNanos(5);
  // How long the end of the body is awaited after the last event, so that the connection can be
  // used again.
  private static final long TAIL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final Network network;
  private final URI base;
  private final Exchange exchange;
  private final Faults faults;
  private final Clock clock;
  private final Predicate<ServerSentEvent> last;
  private final ServerSentEventContext context = new ServerSentEventContext(new Handle());
  private volatile @Nullable CompletableFuture<HttpResponse<StreamBytes>> pending;
  private volatile @Nullable StreamBytes body;
  private volatile boolean aborted;
  private boolean sawLast;

  ModelConnection(
      Network network,
      URI base,
      Exchange exchange,
      Faults faults,
      Clock clock,
      Predicate<ServerSentEvent> last) {
    this.network = network;
    this.base = base;
    this.exchange = exchange;
    this.faults = faults;
    this.clock = clock;
    this.last = last;
  }

  HttpClientBuilder builder() {
    return new Builder();
  }

  /// Whether the provider said that its answer is complete.
  boolean sawLast() {
    return sawLast;
  }

  /// Ends the attempt from any thread and closes the connection.
  void abort() {
    aborted = true;
    var sending = pending;
    if (sending != null) {
      sending.cancel(true);
    }
    var open = body;
    if (open != null) {
      open.close();
    }
  }

  @Override
  public SuccessfulHttpResponse execute(dev.langchain4j.http.client.HttpRequest request) {
    throw new UnsupportedOperationException("only streams are sent here");
  }

  @Override
  public void execute(
      dev.langchain4j.http.client.HttpRequest request,
      ServerSentEventParser parser,
      ServerSentEventListener listener) {
    // The given parser is not used: it has no limits and hides why a stream ended.
    try {
      HttpResponse<StreamBytes> response = send(request);
      try {
        if (accepted(response)) {
          read(response, listener);
        }
      } finally {
        response.body().close();
      }
    } catch (InterruptedException _) {
      exchange.interrupted();
    } catch (TimeoutException _) {
      exchange.fail(exchange.started() ? faults.slowNextToken() : faults.slowFirstToken());
    } catch (IOException e) {
      if (!aborted) {
        exchange.fail(unreachable(e) ? faults.unreachable() : faults.cut());
      }
    } finally {
      abort();
    }
  }

  private static boolean unreachable(IOException e) {
    return e instanceof ConnectException || e instanceof HttpConnectTimeoutException;
  }

  private HttpResponse<StreamBytes> send(dev.langchain4j.http.client.HttpRequest request)
      throws IOException, TimeoutException, InterruptedException {
    if (!request.url().startsWith(base + "/")) {
      throw new IllegalStateException("a request left the provider's address");
    }
    HttpRequest.Builder http =
        HttpRequest.newBuilder(URI.create(request.url()))
            .POST(HttpRequest.BodyPublishers.ofString(request.body()));
    for (Map.Entry<String, List<String>> header : request.headers().entrySet()) {
      header.getValue().forEach(value -> http.header(header.getKey(), value));
    }
    http.setHeader("User-Agent", "Artel");
    http.setHeader("Accept", "text/event-stream");
    var sending =
        network
            .client()
            .sendAsync(
                http.build(),
                _ -> {
                  StreamBytes bytes = new StreamBytes();
                  body = bytes;
                  if (aborted) {
                    bytes.close();
                  }
                  return bytes;
                });
    pending = sending;
    if (aborted) {
      sending.cancel(true);
    }
    try {
      return sending.get(exchange.patience().leftNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } catch (CancellationException e) {
      throw new IOException("cancelled", e);
    }
  }

  private boolean accepted(HttpResponse<StreamBytes> response)
      throws IOException, TimeoutException, InterruptedException {
    if (response.statusCode() != 200) {
      exchange.fail(
          faults.ofStatus(
              response.statusCode(),
              json(smallBody(response.body())),
              RetryAfter.of(response.headers(), clock)));
      return false;
    }
    String type = response.headers().firstValue("content-type").orElse("");
    if (!type.toLowerCase(Locale.ROOT).startsWith("text/event-stream")) {
      exchange.fail(faults.malformed());
      return false;
    }
    return true;
  }

  private static String smallBody(StreamBytes body) throws InterruptedException {
    long deadline = System.nanoTime() + ERROR_BODY_NANOS;
    var bytes = new ByteArrayOutputStream();
    try {
      for (ByteBuffer next = body.next(ERROR_BODY_NANOS);
          next != null && bytes.size() < ERROR_BODY_MAX;
          next = body.next(deadline - System.nanoTime())) {
        byte[] chunk = new byte[next.remaining()];
        next.get(chunk);
        bytes.writeBytes(chunk);
      }
    } catch (IOException | TimeoutException _) {
      // The status alone says enough.
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private void read(HttpResponse<StreamBytes> response, ServerSentEventListener listener)
      throws IOException, TimeoutException, InterruptedException {
    listener.onOpen(SuccessfulHttpResponse.builder().statusCode(200).headers(Map.of()).build());
    EventReader events = new EventReader(response.body(), exchange.patience());
    while (exchange.open()) {
      ServerSentEvent event = events.next();
      if (event == null) {
        break;
      }
      if (error(event)) {
        return;
      }
      sawLast |= last.test(event);
      try {
        listener.onEvent(event, context);
      } catch (RuntimeException _) {
        // Only parsing throws here: what our own handlers throw is kept in the exchange.
        exchange.fail(faults.malformed());
      }
      if (sawLast) {
        drain(response.body());
        break;
      }
    }
    if (exchange.open()) {
      listener.onClose();
    }
  }

  private static void drain(StreamBytes body) throws InterruptedException {
    long deadline = System.nanoTime() + TAIL_NANOS;
    try {
      while (body.next(Math.max(0, deadline - System.nanoTime())) != null) {
        if (System.nanoTime() > deadline) {
          return;
        }
      }
    } catch (IOException | TimeoutException _) {
      // The answer is complete; the connection is closed instead of being used again.
    }
  }

  // LangChain4j knows errors only as events named `error`; OpenRouter and llama.cpp send them as
  // data.
  private boolean error(ServerSentEvent event) {
    boolean named = "error".equals(event.event());
    if (!named
        && !event.data().contains("\"error\"")
        && !event.data().contains("\"blockReason\"")) {
      return false;
    }
    JsonNode data = json(event.data());
    // LM Studio and Ollama send a bare text.
    JsonNode told = data == null ? null : data.path("error");
    if (named || (told != null && (told.isObject() || told.isString()))) {
      exchange.fail(faults.ofEvent(data));
      return true;
    }
    // Gemini refuses a prompt with this and without any candidate.
    if (data != null && data.path("promptFeedback").has("blockReason")) {
      exchange.fail(faults.refusedContent());
      return true;
    }
    return false;
  }

  private static @Nullable JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JacksonException _) {
      return null;
    }
  }

  // LangChain4j asks this before it completes an answer.
  private final class Handle implements ServerSentEventParsingHandle {
    @Override
    public void cancel() {
      abort();
    }

    @Override
    public boolean isCancelled() {
      return aborted;
    }
  }

  // Timeouts are ours; those that LangChain4j sets are accepted and ignored.
  private final class Builder implements HttpClientBuilder {
    private java.time.@Nullable Duration connect;
    private java.time.@Nullable Duration read;

    @Override
    public java.time.@Nullable Duration connectTimeout() {
      return connect;
    }

    @Override
    public HttpClientBuilder connectTimeout(Duration timeout) {
      connect = timeout;
      return this;
    }

    @Override
    public java.time.@Nullable Duration readTimeout() {
      return read;
    }

    @Override
    public HttpClientBuilder readTimeout(Duration timeout) {
      read = timeout;
      return this;
    }

    @Override
    public HttpClient build() {
      return ModelConnection.this;
    }
  }
}
