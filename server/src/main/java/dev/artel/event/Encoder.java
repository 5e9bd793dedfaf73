package dev.artel.event;

import dev.artel.protocol.Event;
import dev.artel.protocol.EventId;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.UserId;
import dev.artel.protocol.WireCodec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Spells events as lines. A payload is turned into JSON once; the envelope and the metadata are
/// put around its text.
final class Encoder {
  /// A longer line is replaced by a stub that says where the whole event is.
  static final int LINE_BYTES_MAX = 10_240;

  private static final int STUB_SCALAR_BYTES_MAX = 256;
  private static final int STUB_CONTENT_CHARS = 2_000;

  /// Events whose own payload already says `session_id`.
  private static final Set<String> NAMES_ITS_SESSION =
      Arrays.stream(Event.Logged.class.getPermittedSubclasses())
          .filter(event ->
              Arrays.stream(event.getRecordComponents())
                  .anyMatch(component -> component.getName().equals("sessionId")))
          .map(event -> Event.snakeCase(event.getSimpleName()))
          .collect(Collectors.toUnmodifiableSet());

  private Encoder() {}

  static String payload(Event event) {
    return WireCodec.json().writeValueAsString(event);
  }

  /// @param payload the event's own JSON object, as text
  record Envelope(
      EventId id,
      String type,
      UserId user,
      ProjectId project,
      @Nullable SessionId session,
      @Nullable Long seq,
      long projectSeq,
      Instant at,
      String payload) {}

  static Line logged(Envelope event) {
    String json = json(event, event.payload());
    if (json.getBytes(StandardCharsets.UTF_8).length > LINE_BYTES_MAX) {
      json = json(event, stub(event));
    }
    return Line.logged(event.id(), event.type(), event.session(), event.projectSeq(), json);
  }

  private static String json(Envelope event, String payload) {
    var json = new StringBuilder(payload.length() + 640);
    json.append("{\"event_id\":\"").append(event.id()).append("\",\"event_type\":\"");
    json.append(event.type()).append("\",\"type\":\"").append(event.type());
    json.append("\",\"payload\":");
    appendWithMetadata(json, event, payload);
    json.append(",\"timestamp\":\"").append(event.at()).append('"');
    id(json, "session_id", event.session());
    id(json, "project_id", event.project());
    json.append(",\"seq\":").append(event.seq());
    json.append(",\"project_seq\":").append(event.projectSeq()).append('}');
    return json.toString();
  }

  private static void appendWithMetadata(StringBuilder json, Envelope event, String payload) {
    json.append("{\"event_id\":\"").append(event.id()).append('"');
    if (!NAMES_ITS_SESSION.contains(event.type())) {
      id(json, "session_id", event.session());
    }
    id(json, "project_id", event.project());
    id(json, "user_id", event.user());
    json.append(",\"timestamp\":\"").append(event.at()).append('"');
    if (payload.length() > 2) {
      json.append(',').append(payload, 1, payload.length());
    } else {
      json.append('}');
    }
  }

  private static void id(StringBuilder json, String name, @Nullable Object id) {
    json.append(",\"").append(name).append("\":");
    if (id == null) {
      json.append("null");
    } else {
      json.append('"').append(id).append('"');
    }
  }

  /// Every id and every short scalar of the payload, the beginning of a message's text, and the
  /// address of the whole.
  private static String stub(Envelope event) {
    JsonNode whole = WireCodec.json().readTree(event.payload());
    ObjectNode stub = WireCodec.json().createObjectNode();
    whole
        .properties()
        .forEach(field -> {
          JsonNode value = field.getValue();
          if (value.isValueNode()
              && value.toString().getBytes(StandardCharsets.UTF_8).length
                  <= STUB_SCALAR_BYTES_MAX) {
            stub.set(field.getKey(), value);
          }
        });
    JsonNode content = whole.get("content");
    if (content != null && content.isString() && !stub.has("content")) {
      stub.put("content", beginning(content.stringValue()));
    }
    stub.put("truncated", true);
    stub.put("fetch_url", "/my/projects/" + event.project() + "/events/" + event.id());
    return WireCodec.json().writeValueAsString(stub);
  }

  private static String beginning(String text) {
    int end = Math.min(STUB_CONTENT_CHARS, text.length());
    if (end > 0 && end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }

  /// A line without id and numbers: live-only, or about the connection.
  static Line unnumbered(
      Event event, @Nullable ProjectId project, @Nullable SessionId session, Instant at) {
    String type = event.type();
    var json = new StringBuilder();
    json.append("{\"event_id\":null,\"event_type\":\"").append(type);
    json.append("\",\"type\":\"").append(type).append("\",\"payload\":");
    json.append(payload(event));
    json.append(",\"timestamp\":\"").append(at).append('"');
    id(json, "session_id", session);
    id(json, "project_id", project);
    json.append(",\"seq\":null,\"project_seq\":null}");
    return event instanceof Event.Live
        ? Line.live(type, session, json.toString())
        : Line.connection(type, json.toString());
  }
}
