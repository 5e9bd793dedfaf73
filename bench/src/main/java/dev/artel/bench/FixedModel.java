package dev.artel.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A model behind an OpenAI-compatible address that always takes the same time to its first token
/// and says the same at once then.
final class FixedModel {
  private static final String NAME = "fixed";
  private static final Duration START = Duration.ofSeconds(30);
  private static final int TOKENS = 20;
  private static final byte[] MODELS =
      whole("{\"object\":\"list\",\"data\":[{\"id\":\"fixed\",\"object\":\"model\"}]}");
  private static final byte[] ANSWER = answer();

  private FixedModel() {}

  static Child start(Place place, int latencyMillis) throws IOException {
    return Child.start(
        place.run().resolve("model.log"),
        Map.of(),
        List.of(
            Place.java(),
            "-cp",
            place.classpath(),
            FixedModel.class.getName(),
            String.valueOf(latencyMillis)));
  }

  static int port(Child model) throws IOException, InterruptedException {
    return Integer.parseInt(model.told("port", START));
  }

  /// What makes the product ask this model.
  static Map<String, String> settings(int port) {
    return Map.of(
        "ARTEL_OPENAI_BASE_URL",
        "http://127.0.0.1:" + port + "/v1",
        "ARTEL_DEFAULT_MODEL",
        "openai/" + NAME);
  }

  public static void main(String[] arguments) throws IOException {
    var latency = Duration.ofMillis(Long.parseLong(arguments[0]));
    Listener.serve((method, _, _, out) -> {
      if (method.equals("GET")) {
        out.write(MODELS);
      } else {
        speak(latency, out);
      }
    });
  }

  private static void speak(Duration latency, OutputStream out) throws IOException {
    try {
      Thread.sleep(latency);
    } catch (InterruptedException stopped) {
      throw new IOException(stopped);
    }
    out.write(ANSWER);
  }

  private static byte[] whole(String json) {
    return ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
            + json.length()
            + "\r\n\r\n"
            + json)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] answer() {
    var text =
        new StringBuilder(
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
    chunk(text, delta("{\"role\":\"assistant\",\"content\":\"\"}", "null", ""));
    for (int i = 0; i < TOKENS; i++) {
      chunk(text, delta("{\"content\":\"word \"}", "null", ""));
    }
    chunk(
        text,
        delta(
            "{}",
            "\"stop\"",
            ",\"usage\":{\"prompt_tokens\":50,\"completion_tokens\":20,\"total_tokens\":70}"));
    chunk(text, "[DONE]");
    return text.append("0\r\n\r\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String delta(String delta, String finish, String more) {
    return """
    {"id":"c","object":"chat.completion.chunk","created":1,"model":"fixed",\
    "choices":[{"index":0,"delta":%s,"finish_reason":%s}]%s}\
    """
        .formatted(delta, finish, more);
  }

  private static void chunk(StringBuilder text, String data) {
    String event = "data: " + data + "\n\n";
    text.append(Integer.toHexString(event.length())).append("\r\n").append(event).append("\r\n");
  }
}
