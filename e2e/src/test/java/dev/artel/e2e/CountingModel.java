package dev.artel.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A language model by the OpenAI wire format that repeats the question, and remembers how often it
/// gave each answer to its end: that is what a provider would charge.
final class CountingModel implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final HttpServer server;
  private final Map<String, Integer> answered = new ConcurrentHashMap<>();

  CountingModel() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/v1/models", exchange -> answer(exchange, models()));
    server.createContext("/v1/chat/completions", this::complete);
    server.start();
  }

  /// The settings by which a service finds it.
  Map<String, String> settings() {
    return Map.of(
        "ARTEL_OPENAI_BASE_URL",
        "http://127.0.0.1:%d/v1".formatted(server.getAddress().getPort()),
        "ARTEL_OPENAI_API_KEY",
        "none-needed",
        "ARTEL_DEFAULT_MODEL",
        "openai/counting");
  }

  /// How often this question was answered to the end.
  int answered(String question) {
    return answered.getOrDefault(question, 0);
  }

  private static String models() {
    return JSON.writeValueAsString(
        Map.of("object", "list", "data", List.of(Map.of("id", "counting"))));
  }

  private void complete(HttpExchange exchange) throws IOException {
    JsonNode request = JSON.readTree(exchange.getRequestBody().readAllBytes());
    JsonNode messages = request.get("messages");
    // A question that was not answered stands above the next one in the same message.
    String question =
        messages.get(messages.size() - 1).get("content").asString().lines().toList().getLast();
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    try (var body = exchange.getResponseBody()) {
      for (String word : ("You wrote: " + question).splitWithDelimiters(" ", 0)) {
        line(body, piece(word, null));
        body.flush();
        pause();
      }
      line(body, piece("", "stop"));
      body.write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
      body.flush();
      answered.merge(question, 1, Integer::sum);
    } catch (IOException _) {
      // Whoever asked is gone.
    }
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(5);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new IOException(stop);
    }
  }

  private static void line(OutputStream body, Map<String, Object> chunk) throws IOException {
    body.write(
        ("data: " + JSON.writeValueAsString(chunk) + "\n\n").getBytes(StandardCharsets.UTF_8));
  }

  private static Map<String, Object> piece(String text, @Nullable String finish) {
    var choice = new HashMap<String, Object>();
    choice.put("index", 0);
    choice.put("delta", Map.of("content", text));
    choice.put("finish_reason", finish);
    return Map.of(
        "id", "answer",
        "object", "chat.completion.chunk",
        "created", 0,
        "model", "counting",
        "choices", List.of(choice));
  }

  private static void answer(HttpExchange exchange, String json) throws IOException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, bytes.length);
    try (var body = exchange.getResponseBody()) {
      body.write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
