package dev.artel.testing;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a model provider was asked, in one form for all wire formats. Header names are lower case.
public record ReceivedRequest(
    String model,
    @Nullable String system,
    List<Turn> turns,
    @Nullable Double temperature,
    @Nullable Integer maxTokens,
    Map<String, String> headers,
    String body) {
  /// One message; `role` is `user` or `assistant`.
  public record Turn(String role, String text) {}

  public String lastText() {
    return turns.isEmpty() ? "" : turns.getLast().text();
  }
}
