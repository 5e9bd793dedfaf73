package dev.artel.http;

import io.swagger.v3.oas.models.media.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes an example that fits a schema, for the answers whose route gives none of its own.
@SuppressWarnings("rawtypes")
final class SchemaExample {
  private static final int DEPTH_MAX = 6;
  private static final String REF = "#/components/schemas/";

  private final Map<String, Schema> schemas;

  SchemaExample(Map<String, Schema> schemas) {
    this.schemas = schemas;
  }

  @Nullable Object of(Schema<?> schema) {
    return of(schema, 0);
  }

  private @Nullable Object of(Schema<?> schema, int depth) {
    if (schema.getExample() != null) {
      return schema.getExample();
    }
    if (schema.getExamples() != null && !schema.getExamples().isEmpty()) {
      return schema.getExamples().getFirst();
    }
    if (schema.get$ref() != null) {
      Schema<?> named = schemas.get(schema.get$ref().substring(REF.length()));
      return named == null || depth > DEPTH_MAX ? null : of(named, depth + 1);
    }
    if (schema.getConst() != null) {
      return schema.getConst();
    }
    if (schema.getEnum() != null && !schema.getEnum().isEmpty()) {
      return schema.getEnum().getFirst();
    }
    if (schema.getAllOf() != null) {
      var all = new LinkedHashMap<String, @Nullable Object>();
      for (Schema<?> part : schema.getAllOf()) {
        if (of(part, depth) instanceof Map<?, ?> fields) {
          fields.forEach((name, value) -> all.put(String.valueOf(name), value));
        }
      }
      return all;
    }
    List<Schema> choices = schema.getOneOf() != null ? schema.getOneOf() : schema.getAnyOf();
    if (choices != null && !choices.isEmpty()) {
      return of((Schema<?>) choices.getFirst(), depth);
    }
    return byType(schema, depth);
  }

  private @Nullable Object byType(Schema<?> schema, int depth) {
    Set<String> types = schema.getTypes();
    String type =
        types == null
            ? String.valueOf(schema.getType())
            : types.stream().filter(t -> !t.equals("null")).findFirst().orElse("null");
    return switch (type) {
      case "object" -> object(schema, depth);
      case "array" -> {
        Schema<?> items = schema.getItems();
        Object item = items == null || depth > DEPTH_MAX ? null : of(items, depth + 1);
        yield item == null ? List.of() : new ArrayList<>(List.of(item));
      }
      case "integer" -> schema.getMinimum() == null ? 1 : schema.getMinimum().intValue();
      case "number" -> schema.getMinimum() == null ? 0.5 : schema.getMinimum().doubleValue();
      case "boolean" -> false;
      case "string" -> text(schema);
      default -> null;
    };
  }

  private Object object(Schema<?> schema, int depth) {
    var fields = new LinkedHashMap<String, @Nullable Object>();
    if (schema.getProperties() != null) {
      schema
          .getProperties()
          .forEach((name, property) -> {
            Object value = of(property, depth + 1);
            boolean required = schema.getRequired() != null && schema.getRequired().contains(name);
            if (value != null || required) {
              fields.put(name, value);
            }
          });
    }
    return fields;
  }

  private static String text(Schema<?> schema) {
    return switch (String.valueOf(schema.getFormat())) {
      case "uuid" -> "0198c0de-0000-7000-8000-000000000001";
      case "date-time" -> "2026-01-01T12:00:00Z";
      case "date" -> "2026-01-01";
      default -> "a".repeat(schema.getMinLength() == null ? 1 : Math.max(1, schema.getMinLength()));
    };
  }
}
