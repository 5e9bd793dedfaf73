package dev.artel.testing;

import dev.artel.protocol.WireCodec;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What the service answered.
///
/// @param headers values by lower-case name
public record Answer(int status, Map<String, List<String>> headers, String body) {
  /// The first value of that header, or null when there is none.
  public @Nullable String header(String name) {
    List<String> values = headers.get(name.toLowerCase(Locale.ROOT));
    return values == null ? null : values.getFirst();
  }

  public JsonNode json() {
    return WireCodec.json().readTree(body);
  }

  public <T> T as(Class<T> kind) {
    return WireCodec.json().readValue(body, kind);
  }

  /// This answer, or a failed test that shows it.
  public Answer expect(int wanted) {
    if (status != wanted) {
      throw new AssertionError("expected %d, got %d: %s".formatted(wanted, status, body));
    }
    return this;
  }

  /// The reason that an error names in its metadata.
  public @Nullable String reason() {
    JsonNode reason = json().path("metadata").path("reason");
    return reason.isMissingNode() ? null : reason.asString();
  }
}
