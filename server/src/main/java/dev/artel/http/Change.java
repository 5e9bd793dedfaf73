package dev.artel.http;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;

/// One field of a PATCH body: absent leaves it, null resets it to its default, a value sets it.
@JsonDeserialize(using = Change.Decoder.class)
public sealed interface Change<T> {
  /// The field was absent.
  record Keep<T>() implements Change<T> {}

  /// The field was null.
  record Reset<T>() implements Change<T> {}

  /// The field had a value.
  record SetTo<T>(T value) implements Change<T> {}

  /// What the field becomes, given what it is now and what null means.
  default @Nullable T over(@Nullable T present, @Nullable T defaultValue) {
    return switch (this) {
      case Keep<T> _ -> present;
      case Reset<T> _ -> defaultValue;
      case SetTo<T> set -> set.value();
    };
  }

  default boolean changes() {
    return !(this instanceof Keep);
  }

  default <R> Change<R> map(Function<T, R> mapping) {
    return switch (this) {
      case Keep<T> _ -> new Keep<>();
      case Reset<T> _ -> new Reset<>();
      case SetTo<T> set -> new SetTo<>(mapping.apply(set.value()));
    };
  }

  /// Tells absent from null, which a plain field cannot.
  final class Decoder extends ValueDeserializer<Change<?>> {
    private final @Nullable JavaType content;

    Decoder() {
      this(null);
    }

    private Decoder(@Nullable JavaType content) {
      this.content = content;
    }

    @Override
    public ValueDeserializer<?> createContextual(
        DeserializationContext context, @Nullable BeanProperty property) {
      JavaType type = property != null ? property.getType() : context.getContextualType();
      return new Decoder(type.containedType(0));
    }

    @Override
    public Change<?> deserialize(JsonParser parser, DeserializationContext context) {
      return new SetTo<>(context.readValue(parser, content));
    }

    @Override
    public Object getNullValue(DeserializationContext context) {
      return new Reset<>();
    }

    @Override
    public Object getAbsentValue(DeserializationContext context) {
      return new Keep<>();
    }
  }
}
