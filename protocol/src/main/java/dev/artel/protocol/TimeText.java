package dev.artel.protocol;

import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;

/// Reads a time from its ISO-8601 text alone; the library also takes numbers, as seconds or as
/// nanoseconds, whichever they look like.
final class TimeText extends StdDeserializer<OffsetDateTime> {
  TimeText() {
    super(OffsetDateTime.class);
  }

  @Override
  public OffsetDateTime deserialize(JsonParser parser, DeserializationContext context) {
    if (!parser.hasToken(JsonToken.VALUE_STRING)) {
      return (OffsetDateTime) context.handleUnexpectedToken(getValueType(context), parser);
    }
    String text = parser.getString();
    try {
      return OffsetDateTime.parse(text);
    } catch (DateTimeParseException _) {
      return (OffsetDateTime)
          context.handleWeirdStringValue(
              OffsetDateTime.class, text, "a time is written like 2026-01-31T12:00:00Z");
    }
  }
}
