package dev.artel.runtime;

import dev.artel.protocol.WireCodec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/// A model's text as people read it: an answer that is a JSON object becomes its most readable
/// part, and keeps the object beside it.
record StructuredText(String content, @Nullable Map<String, Object> payload) {
  private static final List<String> READABLE =
      List.of("summary", "description", "title", "message", "response");

  static StructuredText of(String text) {
    String trimmed = text.strip();
    if (!trimmed.startsWith("{") || !trimmed.endsWith("}")) {
      return new StructuredText(text, null);
    }
    JsonNode node;
    try {
      node = WireCodec.json().readTree(trimmed);
    } catch (JacksonException _) {
      return new StructuredText(text, null);
    }
    if (!node.isObject()) {
      return new StructuredText(text, null);
    }
    Map<String, Object> payload =
        WireCodec.json().convertValue(node, new TypeReference<Map<String, Object>>() {});
    return new StructuredText(readable(node), payload);
  }

  private static String readable(JsonNode node) {
    for (String name : READABLE) {
      JsonNode value = node.get(name);
      if (value != null && value.isString() && !value.stringValue().isBlank()) {
        return value.stringValue();
      }
    }
    return node.toString();
  }
}
