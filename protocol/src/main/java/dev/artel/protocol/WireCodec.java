package dev.artel.protocol;

import java.time.OffsetDateTime;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.LogicalType;

/// The one spelling of Artel's values as JSON: snake_case names, ISO-8601 times in UTC, ids as
/// strings, unknown fields ignored, wrong types refused rather than guessed, and so are texts that
/// PostgreSQL cannot keep or UTF-8 cannot spell.
public final class WireCodec {
  /// Deeper bodies are refused before they cost anything.
  public static final int NESTING_DEPTH_MAX = 64;

  /// Numbers, texts, names and brackets of one document: a body of a mebibyte can hold half a
  /// million, each of which becomes an object.
  public static final int TOKENS_MAX = 100_000;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              new WholeTextFactory(
                  JsonFactory.builder()
                      .streamReadConstraints(
                          StreamReadConstraints.builder()
                              .maxNestingDepth(NESTING_DEPTH_MAX)
                              .maxTokenCount(TOKENS_MAX)
                              .build())))
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          // An empty text is no id and no time, and must not pass for an absent one.
          .withCoercionConfig(
              LogicalType.OtherScalar,
              config -> config.setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail))
          .withCoercionConfig(
              LogicalType.DateTime,
              config -> config.setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail))
          .addModule(
              new SimpleModule("times").addDeserializer(OffsetDateTime.class, new TimeText()))
          .withCoercionConfig(
              LogicalType.Textual,
              config ->
                  config
                      .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
          .build();

  private WireCodec() {}

  public static JsonMapper json() {
    return JSON;
  }
}
