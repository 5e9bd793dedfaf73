package dev.artel.event;

import dev.artel.protocol.Event;
import dev.artel.protocol.EventId;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.UserId;
import dev.artel.protocol.WireCodec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Spells events as lines. A payload is turned into JSON once; the envelope and the metadata are
/// put around its text.
final class Encoder {
  private static final Logger log = LoggerFactory.getLogger(Encoder.class);

  /// A longer line is replaced by a stub that says where the whole event is.
  static final int LINE_BYTES_MAX = 10_240;

  /// Values of at most so many bytes stay in a stub, ids and small objects among them.
  private static final int STUB_VALUE_BYTES_MAX = 256;

  private static final int STUB_CONTENT_BYTES = 2_000;

  /// More than envelope and metadata ever take.
  private static final int STUB_ENVELOPE_BYTES = 1_024;

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

  /// @param task the task that the event is about or that caused it
  /// @param payload the event's own JSON object, as text
  record Envelope(
      EventId id,
      String type,
      UserId user,
      ProjectId project,
      @Nullable SessionId session,
      @Nullable TaskId task,
      @Nullable Long seq,
      long projectSeq,
      Instant at,
      String payload) {}

  static Line logged(Envelope event) {
    byte[] json = utf8(json(event, event.payload()));
    if (json.length > LINE_BYTES_MAX) {
      json = utf8(json(event, stub(event, json.length)));
    }
    return Line.logged(
        event.id(), event.type(), event.session(), event.task(), event.projectSeq(), json);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
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

  /// Every id and every short value of the payload, the beginning of a message's text, and the
  /// address of the whole.
  private static String stub(Envelope event, int wholeBytes) {
    ObjectNode stub = WireCodec.json().createObjectNode();
    JsonNode whole;
    try {
      whole = WireCodec.json().readTree(event.payload());
    } catch (JacksonException unreadable) {
      log.error(
          "event {} of {} bytes is sent without its payload, which cannot be read: {}",
          event.id(),
          wholeBytes,
          unreadable.getClass().getSimpleName());
      whole = stub;
    }
    whole
        .properties()
        .forEach(field -> {
          if (isShort(field.getValue())) {
            stub.set(field.getKey(), field.getValue());
          }
        });
    stub.put("truncated", true);
    stub.put("fetch_url", "/my/projects/" + event.project() + "/events/" + event.id());
    JsonNode content = whole.get("content");
    if (content != null && content.isString() && !stub.has("content")) {
      int room = LINE_BYTES_MAX - STUB_ENVELOPE_BYTES - utf8(stub.toString()).length;
      stub.put("content", beginning(content.stringValue(), Math.min(room, STUB_CONTENT_BYTES)));
    }
    return WireCodec.json().writeValueAsString(stub);
  }

  private static boolean isShort(JsonNode value) {
    String text = value.isString() ? value.stringValue() : value.toString();
    return text.length() <= STUB_VALUE_BYTES_MAX && utf8(text).length <= STUB_VALUE_BYTES_MAX;
  }

  /// As much of the text as takes no more than so many bytes, however it must be escaped.
  static String beginning(String text, int bytesMax) {
    int bytes = 0;
    int end = 0;
    while (end < text.length()) {
      int next = text.offsetByCodePoints(end, 1);
      bytes += bytesInJson(text.codePointAt(end));
      if (bytes > bytesMax) {
        break;
      }
      end = next;
    }
    return text.substring(0, end);
  }

  private static int bytesInJson(int codePoint) {
    if (codePoint < ' ') {
      return 6;
    }
    if (codePoint == '"' || codePoint == '\\') {
      return 2;
    }
    return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
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
        ? Line.live(type, session, event.taskId(), utf8(json.toString()))
        : Line.connection(type, utf8(json.toString()));
  }
}
