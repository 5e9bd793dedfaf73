package dev.artel.testing;

import dev.artel.protocol.UserId;
import dev.artel.protocol.WireCodec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One person's way to the service. Immutable: `with` makes another client that also sends that
/// header.
public final class Client {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final HttpClient HTTP;

  static {
    // Tests of the Host and Origin checks must be able to lie.
    System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host,origin");
    HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  private final URI base;
  private final @Nullable UserId user;
  private final Map<String, String> headers;

  Client(URI base, @Nullable UserId user, Map<String, String> headers) {
    this.base = base;
    this.user = user;
    this.headers = headers;
  }

  /// Whose token this client sends.
  public UserId user() {
    if (user == null) {
      throw new IllegalStateException("this client is nobody");
    }
    return user;
  }

  /// This client, which also sends that header.
  public Client with(String name, String value) {
    var more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Client(base, user, more);
  }

  public Client without(String name) {
    var fewer = new LinkedHashMap<>(headers);
    fewer.remove(name);
    return new Client(base, user, fewer);
  }

  public Answer get(String path) {
    return send("GET", path, null);
  }

  public Answer post(String path, @Nullable Object body) {
    return send("POST", path, body);
  }

  public Answer put(String path, @Nullable Object body) {
    return send("PUT", path, body);
  }

  public Answer patch(String path, @Nullable Object body) {
    return send("PATCH", path, body);
  }

  public Answer delete(String path) {
    return send("DELETE", path, null);
  }

  /// @param body a text that is sent as it is, anything else as its JSON, null for no body
  public Answer send(String method, String path, @Nullable Object body) {
    HttpResponse<String> response =
        exchange(request(method, path, body), HttpResponse.BodyHandlers.ofString());
    return new Answer(response.statusCode(), response.headers().map(), response.body());
  }

  /// Opens a stream and reads its lines as they come.
  public Lines stream(String path) {
    HttpResponse<InputStream> response =
        exchange(
            request("GET", path, null)
                .setHeader("Accept", headers.getOrDefault("Accept", "application/x-ndjson")),
            HttpResponse.BodyHandlers.ofInputStream());
    return new Lines(response.statusCode(), response.headers().map(), response.body());
  }

  private HttpRequest.Builder request(String method, String path, @Nullable Object body) {
    HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path)).timeout(PATIENCE);
    headers.forEach(request::setHeader);
    if (body == null) {
      return request.method(method, HttpRequest.BodyPublishers.noBody());
    }
    if (!headers.containsKey("Content-Type")) {
      request.setHeader("Content-Type", "application/json");
    }
    String text = body instanceof String raw ? raw : WireCodec.json().writeValueAsString(body);
    return request.method(method, HttpRequest.BodyPublishers.ofString(text));
  }

  private static <T> HttpResponse<T> exchange(
      HttpRequest.Builder request, HttpResponse.BodyHandler<T> reading) {
    try {
      return HTTP.send(request.build(), reading);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }
}
