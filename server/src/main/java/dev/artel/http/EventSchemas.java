package dev.artel.http;

import dev.artel.protocol.Event;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.media.Discriminator;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The schema of every line that a stream can send, read off the sealed hierarchy of events.
@SuppressWarnings("rawtypes")
final class EventSchemas {
  static final String UNION = "Event";
  private static final String REF = "#/components/schemas/";

  private EventSchemas() {}

  /// Schemas by name: the union, one envelope for each type, and what they refer to.
  static Map<String, Schema> all() {
    var schemas = new TreeMap<String, Schema>();
    var byType = new TreeMap<String, List<Class<?>>>();
    leaves(Event.class)
        .forEach(leaf -> byType.computeIfAbsent(typeOf(leaf), _ -> new ArrayList<>()).add(leaf));
    schemas.put("EventMetadata", metadata());
    schemas.put("TruncatedPayload", truncated());
    var union = new Schema<>();
    var discriminator = new Discriminator().propertyName("event_type");
    byType.forEach((type, classes) -> {
      String name = camel(type) + "Event";
      schemas.put(name, envelope(type, classes, schemas));
      union.addOneOfItem(new Schema<>().$ref(REF + name));
      discriminator.mapping(type, REF + name);
    });
    union.discriminator(discriminator);
    union.description("One line of a stream.");
    schemas.put(UNION, union);
    return schemas;
  }

  private static Set<Class<?>> leaves(Class<?> kind) {
    var leaves = new LinkedHashSet<Class<?>>();
    for (Class<?> permitted : kind.getPermittedSubclasses()) {
      if (permitted.isRecord()) {
        leaves.add(permitted);
      } else {
        leaves.addAll(leaves(permitted));
      }
    }
    return leaves;
  }

  /// The tag is a method, so it takes an event to ask; one of nothing but defaults will do.
  private static String typeOf(Class<?> leaf) {
    try {
      Class<?>[] types =
          Arrays.stream(leaf.getRecordComponents())
              .map(RecordComponent::getType)
              .toArray(Class<?>[]::new);
      Constructor<?> constructor = leaf.getDeclaredConstructor(types);
      Object[] defaults = Arrays.stream(types).map(EventSchemas::defaultOf).toArray();
      return ((Event) constructor.newInstance(defaults)).type();
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException(leaf + " has no canonical constructor", impossible);
    }
  }

  private static @Nullable Object defaultOf(Class<?> type) {
    return type.isPrimitive()
        ? java.lang.reflect.Array.get(java.lang.reflect.Array.newInstance(type, 1), 0)
        : null;
  }

  private static Schema<?> envelope(
      String type, List<Class<?>> classes, Map<String, Schema> schemas) {
    boolean logged = classes.stream().anyMatch(Event.Logged.class::isAssignableFrom);
    var payload = new Schema<>();
    for (Class<?> leaf : classes) {
      var resolved =
          ModelConverters.getInstance(true)
              .readAllAsResolvedSchema(new AnnotatedType(leaf).resolveAsRef(false));
      schemas.putAll(resolved.referencedSchemas);
      Schema<?> own = new Schema<>().$ref(REF + leaf.getSimpleName());
      if (Event.Logged.class.isAssignableFrom(leaf)) {
        var both = new Schema<>();
        both.addAllOfItem(new Schema<>().$ref(REF + "EventMetadata"));
        both.addAllOfItem(own);
        payload.addAnyOfItem(both);
      } else {
        payload.addAnyOfItem(own);
      }
    }
    if (logged) {
      payload.addAnyOfItem(new Schema<>().$ref(REF + "TruncatedPayload"));
    }
    var properties = new LinkedHashMap<String, Schema>();
    properties.put("event_id", typed("uuid", "string", "null"));
    properties.put("event_type", constant(type));
    properties.put("type", constant(type));
    properties.put("payload", payload);
    properties.put("timestamp", typed("date-time", "string"));
    properties.put("session_id", typed("uuid", "string", "null"));
    properties.put("project_id", typed("uuid", "string", "null"));
    properties.put("seq", typed("int64", "integer", "null"));
    properties.put("project_seq", typed("int64", "integer", "null"));
    var required = new ArrayList<>(properties.keySet());
    properties.put("notice", typed(null, "boolean"));
    Schema<?> envelope = typed(null, "object");
    envelope.setProperties(properties);
    envelope.setRequired(required);
    return envelope;
  }

  private static Schema<?> metadata() {
    var properties = new LinkedHashMap<String, Schema>();
    properties.put("event_id", typed("uuid", "string"));
    properties.put("session_id", typed("uuid", "string", "null"));
    properties.put("project_id", typed("uuid", "string"));
    properties.put("user_id", typed("uuid", "string"));
    properties.put("timestamp", typed("date-time", "string"));
    Schema<?> metadata = typed(null, "object");
    metadata.setDescription("What every stored event's payload begins with.");
    metadata.setProperties(properties);
    metadata.setRequired(new ArrayList<>(properties.keySet()));
    return metadata;
  }

  private static Schema<?> truncated() {
    var properties = new LinkedHashMap<String, Schema>();
    Schema<Object> always = new Schema<>();
    always.setTypes(Set.of("boolean"));
    always.setConst(true);
    properties.put("truncated", always);
    properties.put("fetch_url", typed(null, "string"));
    Schema<?> truncated = typed(null, "object");
    truncated.setDescription(
        "In place of a payload that would make a line longer than 10 KiB: its ids and short values, and where the whole event is.");
    truncated.setProperties(properties);
    truncated.setRequired(new ArrayList<>(properties.keySet()));
    return truncated;
  }

  private static Schema<?> constant(String value) {
    Schema<Object> constant = new Schema<>();
    constant.setTypes(Set.of("string"));
    constant.setConst(value);
    return constant;
  }

  private static Schema<?> typed(@Nullable String format, String... types) {
    Schema<?> schema = new Schema<>();
    schema.setTypes(new LinkedHashSet<>(List.of(types)));
    schema.setFormat(format);
    return schema;
  }

  private static String camel(String snake) {
    var name = new StringBuilder();
    for (String word : snake.split("[_.]", -1)) {
      name.append(Character.toUpperCase(word.charAt(0))).append(word, 1, word.length());
    }
    return name.toString();
  }
}
