package dev.artel.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A client of two services of which at any time one may be dead: what one does not answer it asks
/// of the other, until somebody answers.
final class Twins {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private final List<Integer> ports;

  Twins(List<Integer> ports) {
    this.ports = List.copyOf(ports);
  }

  JsonNode get(String token, String path) throws InterruptedException {
    return send(token, path, HttpRequest.Builder::GET);
  }

  /// As often as it must be repeated, it has one effect: that is what the key is for.
  JsonNode post(String token, String path, String key, String body) throws InterruptedException {
    return send(
        token,
        path,
        request ->
            request
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .header("Prefer", "respond-async")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private JsonNode send(String token, String path, Consumer<HttpRequest.Builder> method)
      throws InterruptedException {
    long until = System.nanoTime() + PATIENCE.toNanos();
    String last = "nobody answered";
    for (int turn = 0; System.nanoTime() - until < 0; turn++) {
      var request =
          HttpRequest.newBuilder(
                  URI.create(
                      "http://127.0.0.1:%d%s".formatted(ports.get(turn % ports.size()), path)))
              .timeout(Duration.ofSeconds(20))
              .header("Authorization", "Bearer " + token);
      method.accept(request);
      try {
        var answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() < 300) {
          return JSON.readTree(answer.body());
        }
        last = path + " answered " + answer.statusCode() + " " + answer.body();
        if (answer.statusCode() < 500 && answer.statusCode() != 409 && answer.statusCode() != 429) {
          throw new IllegalStateException(last);
        }
      } catch (IOException dead) {
        last = path + ": " + dead;
      }
      Thread.sleep(50);
    }
    throw new IllegalStateException("for %s: %s".formatted(PATIENCE, last));
  }

  /// Opens a feed on one of them and gives its lines on until it breaks.
  void follow(String token, String path, int turn, Consumer<JsonNode> line)
      throws InterruptedException {
    var request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:%d%s".formatted(ports.get(turn % ports.size()), path)))
            .header("Authorization", "Bearer " + token)
            .header("Accept", "application/x-ndjson")
            .build();
    try {
      var answer = client.send(request, HttpResponse.BodyHandlers.ofLines());
      if (answer.statusCode() == 200) {
        answer.body().filter(text -> !text.isBlank()).map(JSON::readTree).forEach(line);
      }
    } catch (IOException | UncheckedIOException broken) {
      Thread.sleep(50);
    }
  }
}
