package dev.artel.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.type.TypeFactory;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads off our records what the documentation's library does not see: that a component which is
/// not nullable is always there, and what a field of a PATCH body may be. The library reads types
/// with Jackson 2, hence its classes here and nowhere else.
final class WireSchemas implements ModelConverter {
  private static final PropertyNamingStrategies.SnakeCaseStrategy NAMES =
      new PropertyNamingStrategies.SnakeCaseStrategy();

  @Override
  public boolean isOpenapi31() {
    return true;
  }

  @Override
  public @Nullable Schema<?> resolve(
      AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
    JavaType java = TypeFactory.defaultInstance().constructType(type.getType());
    Class<?> raw = java.getRawClass();
    if (raw == Change.class) {
      return context.resolve(
          new AnnotatedType(java.containedType(0))
              .ctxAnnotations(type.getCtxAnnotations())
              .propertyName(type.getPropertyName())
              .parent(type.getParent())
              .schemaProperty(type.isSchemaProperty())
              .resolveAsRef(type.isResolveAsRef()));
    }
    Schema<?> schema = chain.hasNext() ? chain.next().resolve(type, context, chain) : null;
    if (schema != null && raw.isRecord()) {
      Schema<?> model = model(schema, context);
      if (model != null && model.getProperties() != null) {
        tellNulls(raw, model);
      }
    }
    return schema;
  }

  private static @Nullable Schema<?> model(Schema<?> schema, ModelConverterContext context) {
    String ref = schema.get$ref();
    return ref == null
        ? schema
        : context.getDefinedModels().get(ref.substring(ref.lastIndexOf('/') + 1));
  }

  @SuppressWarnings("rawtypes")
  private static void tellNulls(Class<?> type, Schema<?> model) {
    Map<String, Schema> properties = model.getProperties();
    var required = new LinkedHashSet<String>();
    for (RecordComponent component : type.getRecordComponents()) {
      String name = NAMES.translate(component.getName());
      Schema<?> property = properties.get(name);
      if (property == null) {
        continue;
      }
      boolean change = component.getType() == Change.class;
      boolean nullable = change || component.getAnnotatedType().isAnnotationPresent(Nullable.class);
      if (!nullable && !optional(component)) {
        required.add(name);
      } else if (nullable && (change || nullIsWritten(type, component))) {
        properties.put(name, orNull(property));
        if (!change && inclusion(component) == JsonInclude.Include.ALWAYS) {
          required.add(name);
        }
      }
    }
    model.setRequired(required.isEmpty() ? null : new ArrayList<>(required));
  }

  private static boolean optional(RecordComponent component) {
    io.swagger.v3.oas.annotations.media.Schema declared =
        component.getAccessor().getAnnotation(io.swagger.v3.oas.annotations.media.Schema.class);
    return declared != null
        && declared.requiredMode()
            == io.swagger.v3.oas.annotations.media.Schema.RequiredMode.NOT_REQUIRED;
  }

  private static boolean nullIsWritten(Class<?> type, RecordComponent component) {
    JsonInclude whole = type.getAnnotation(JsonInclude.class);
    JsonInclude.Include own = inclusion(component);
    return own != null
        ? own == JsonInclude.Include.ALWAYS
        : whole == null || whole.value() == JsonInclude.Include.ALWAYS;
  }

  private static JsonInclude.@Nullable Include inclusion(RecordComponent component) {
    JsonInclude own = component.getAccessor().getAnnotation(JsonInclude.class);
    return own == null ? null : own.value();
  }

  private static Schema<?> orNull(Schema<?> schema) {
    if (schema.get$ref() != null) {
      Schema<?> either = new Schema<>();
      either.setOneOf(List.of(new Schema<>().$ref(schema.get$ref()), nothing()));
      either.setDescription(schema.getDescription());
      return either;
    }
    if (schema.getTypes() != null) {
      var types = new LinkedHashSet<>(schema.getTypes());
      types.add("null");
      schema.setTypes(types);
      if (schema.getEnum() != null && !schema.getEnum().contains(null)) {
        addNull(schema);
      }
    }
    return schema;
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static void addNull(Schema schema) {
    var values = new ArrayList<Object>(schema.getEnum());
    values.add(null);
    schema.setEnum(values);
  }

  private static Schema<?> nothing() {
    Schema<?> nothing = new Schema<>();
    nothing.setTypes(java.util.Set.of("null"));
    return nothing;
  }
}
