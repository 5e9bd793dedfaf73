package dev.artel.event;

import dev.artel.protocol.Event;
import dev.artel.protocol.WireCodec;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// An event's own JSON object as the log stores it.
final class Payload {
  /// A larger value is stored with what owns it; the log only says where.
  static final int VALUE_BYTES_MAX = 64 * 1024;

  private static final int KEPT_BYTES = 2_000;

  /// PostgreSQL stores no NUL, neither as text nor in JSON. The backslashes before it come in pairs
  /// unless they belong to it.
  private static final Pattern NUL = Pattern.compile("(?<!\\\\)((?:\\\\\\\\)*)\\\\u0000");

  private Payload() {}

  static String stored(Draft draft) {
    String payload = WireCodec.json().writeValueAsString(draft.event());
    if (payload.contains("\\u0000")) {
      payload = NUL.matcher(payload).replaceAll("$1\ufffd");
    }
    return payload.length() * 3L <= VALUE_BYTES_MAX || bytes(payload) <= VALUE_BYTES_MAX
        ? payload
        : withoutLargeValues(draft, payload);
  }

  /// Of a large text its beginning stays, of anything else nothing.
  private static String withoutLargeValues(Draft draft, String payload) {
    ObjectNode kept = WireCodec.json().createObjectNode();
    ObjectNode ref = WireCodec.json().createObjectNode();
    for (Map.Entry<String, JsonNode> field : WireCodec.json().readTree(payload).properties()) {
      JsonNode value = field.getValue();
      if (bytes(value.toString()) <= VALUE_BYTES_MAX) {
        kept.set(field.getKey(), value);
        continue;
      }
      ref.put(field.getKey(), owner(draft));
      if (value.isString()) {
        kept.put(field.getKey(), Encoder.beginning(value.stringValue(), KEPT_BYTES));
      }
    }
    if (!ref.isEmpty()) {
      kept.set("ref", ref);
    }
    return kept.toString();
  }

  /// Where the owner of the event's values is found.
  private static String owner(Draft draft) {
    Event.Aggregate aggregate = draft.event().aggregate();
    String project = "/my/projects/" + draft.project();
    return switch (aggregate.type()) {
      case "message" -> project + "/chat/" + draft.session() + "/messages/" + aggregate.id();
      case "task" -> project + "/tasks/" + aggregate.id();
      default -> project + "/" + aggregate.type() + "s/" + aggregate.id();
    };
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
