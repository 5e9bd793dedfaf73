package dev.artel.agent;

import dev.artel.http.ErrorResponse.FieldError;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads the fields of a JSON object by rule. What violates one is noted with its place, and read
/// as absent; null is absent too.
final class Fields {
  private final ObjectNode object;
  private final String at;
  private final List<FieldError> errors;

  /// @param at the JSON pointer of the object
  Fields(ObjectNode object, String at, List<FieldError> errors) {
    this.object = object;
    this.at = at;
    this.errors = errors;
  }

  void refuse(String field, String message, String type) {
    errors.add(new FieldError(at + "/" + field, message, type));
  }

  @Nullable JsonNode present(String field) {
    JsonNode value = object.get(field);
    return value == null || value.isNull() ? null : value;
  }

  @Nullable String text(String field, int charsMin, int charsMax) {
    JsonNode value = present(field);
    if (value == null) {
      return null;
    }
    if (!value.isString()) {
      refuse(field, "must be a string", "type");
      return null;
    }
    String text = value.stringValue();
    int chars = text.codePointCount(0, text.length());
    if (chars < charsMin || chars > charsMax) {
      refuse(
          field,
          charsMax == Integer.MAX_VALUE
              ? "must not be empty"
              : "must have %d to %d characters".formatted(charsMin, charsMax),
          "size");
      return null;
    }
    return text;
  }

  @Nullable Integer whole(String field, int min, int max) {
    JsonNode value = present(field);
    if (value == null) {
      return null;
    }
    if (!value.isIntegralNumber()) {
      refuse(field, "must be a whole number", "type");
      return null;
    }
    BigDecimal number = value.decimalValue();
    if (number.compareTo(BigDecimal.valueOf(min)) < 0
        || number.compareTo(BigDecimal.valueOf(max)) > 0) {
      refuse(field, "must be from %d to %d".formatted(min, max), "range");
      return null;
    }
    return number.intValueExact();
  }

  @Nullable BigDecimal number(String field, BigDecimal min, BigDecimal max) {
    JsonNode value = present(field);
    if (value == null) {
      return null;
    }
    // Compared as a double first: 1e999999999 as a decimal would cost all the memory there is. A
    // whole number of hundreds of digits is none, and as far out of range.
    double rough = value.isNumber() ? value.doubleValue(Double.POSITIVE_INFINITY) : Double.NaN;
    if (Double.isNaN(rough)) {
      refuse(field, "must be a number", "type");
      return null;
    }
    if (rough < min.doubleValue() || rough > max.doubleValue()) {
      refuse(
          field,
          "must be from %s to %s".formatted(min.toPlainString(), max.toPlainString()),
          "range");
      return null;
    }
    return value.decimalValue();
  }

  /// @param parse null for a text that is none of the allowed ones
  <T> @Nullable T one(String field, String expected, Function<String, @Nullable T> parse) {
    JsonNode value = present(field);
    if (value == null) {
      return null;
    }
    T parsed = value.isString() ? parse.apply(value.stringValue()) : null;
    if (parsed == null) {
      refuse(field, "must be " + expected, value.isString() ? "enum" : "type");
    }
    return parsed;
  }

  /// A list without repeats; an entry that violates the rule is noted with its index.
  <T> @Nullable List<T> list(
      String field, int entriesMax, String expected, Function<String, @Nullable T> parse) {
    JsonNode value = present(field);
    if (value == null) {
      return null;
    }
    if (!value.isArray()) {
      refuse(field, "must be a list", "type");
      return null;
    }
    if (value.size() > entriesMax) {
      refuse(field, "must have at most %d entries".formatted(entriesMax), "size");
      return null;
    }
    var entries = new ArrayList<T>();
    for (int i = 0; i < value.size(); i++) {
      JsonNode entry = value.get(i);
      T parsed = entry.isString() ? parse.apply(entry.stringValue()) : null;
      if (parsed == null) {
        refuse(field + "/" + i, "must be " + expected, entry.isString() ? "enum" : "type");
      } else if (!entries.contains(parsed)) {
        entries.add(parsed);
      }
    }
    return entries;
  }

  /// The fields of an object inside; of an empty one when it is absent or none.
  Fields inside(String field) {
    JsonNode value = present(field);
    if (value instanceof ObjectNode inner) {
      return new Fields(inner, at + "/" + field, errors);
    }
    if (value != null) {
      refuse(field, "must be an object", "type");
    }
    return new Fields(object.objectNode(), at + "/" + field, errors);
  }

  ObjectNode object() {
    return object;
  }

  /// PostgreSQL's JSON cannot hold the character NUL, wherever it stands.
  void refuseNul() {
    refuseNul(object, at);
  }

  private void refuseNul(JsonNode node, String place) {
    if (node.isString() && node.stringValue().indexOf('\0') >= 0) {
      errors.add(new FieldError(place, "must not hold the character NUL", "pattern"));
    } else if (node.isObject()) {
      node.properties()
          .forEach(field -> {
            String name = field.getKey();
            if (name.indexOf('\0') >= 0) {
              errors.add(
                  new FieldError(place, "must not have a field with the character NUL", "pattern"));
            } else {
              refuseNul(field.getValue(), place + "/" + name.replace("~", "~0").replace("/", "~1"));
            }
          });
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        refuseNul(node.get(i), place + "/" + i);
      }
    }
  }
}
