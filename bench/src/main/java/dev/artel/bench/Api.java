package dev.artel.bench;

import dev.artel.protocol.WireCodec;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The product's API as one user calls it. One thread at a time.
final class Api implements AutoCloseable {
  private final Wire wire;
  private final int port;
  private final String bearer;

  Api(int port, String bearer) throws IOException {
    this.wire = new Wire(port);
    this.port = port;
    this.bearer = bearer;
  }

  JsonNode get(String path) throws IOException {
    return call("GET", path, null);
  }

  JsonNode post(String path, String json) throws IOException {
    return call("POST", path, json);
  }

  JsonNode patch(String path, String json) throws IOException {
    return call("PATCH", path, json);
  }

  void delete(String path) throws IOException {
    Wire.Answer answer = wire.send(Wire.request(port, "DELETE", path, bearer, null));
    if (answer.status() != 204) {
      throw new IllegalStateException("DELETE " + path + ": " + answer.status());
    }
  }

  private JsonNode call(String method, String path, @Nullable String json) throws IOException {
    Wire.Answer answer = wire.send(Wire.request(port, method, path, bearer, json));
    if (answer.status() >= 300) {
      throw new IllegalStateException(
          "%s %s: %d %s".formatted(method, path, answer.status(), answer.text()));
    }
    return WireCodec.json().readTree(answer.body());
  }

  @Override
  public void close() throws IOException {
    wire.close();
  }
}
