package dev.artel.protocol;

import java.io.DataInput;
import java.io.InputStream;
import java.io.Reader;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.SerializableString;
import tools.jackson.core.io.IOContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonFactoryBuilder;
import tools.jackson.core.sym.PropertyNameMatcher;
import tools.jackson.core.util.JsonParserDelegate;
import tools.jackson.databind.DatabindException;

/// Reads JSON whose texts and names are whole: JSON can escape the character NUL and half a
/// surrogate pair, which neither PostgreSQL nor UTF-8 has a place for. Wherever such a text stands,
/// it is a wrong value, told with its place.
final class WholeTextFactory extends JsonFactory {
  private static final long serialVersionUID = 1L;

  WholeTextFactory(JsonFactoryBuilder settings) {
    super(settings);
  }

  private WholeTextFactory(WholeTextFactory other) {
    super(other);
  }

  @Override
  public JsonFactory copy() {
    return new WholeTextFactory(this);
  }

  @Override
  protected JsonParser _createParser(ObjectReadContext context, IOContext io, InputStream in) {
    return new WholeText(super._createParser(context, io, in));
  }

  @Override
  protected JsonParser _createParser(ObjectReadContext context, IOContext io, Reader in) {
    return new WholeText(super._createParser(context, io, in));
  }

  @Override
  protected JsonParser _createParser(
      ObjectReadContext context, IOContext io, char[] in, int offset, int length, boolean ours) {
    return new WholeText(super._createParser(context, io, in, offset, length, ours));
  }

  @Override
  protected JsonParser _createParser(
      ObjectReadContext context, IOContext io, byte[] in, int offset, int length) {
    return new WholeText(super._createParser(context, io, in, offset, length));
  }

  @Override
  protected JsonParser _createParser(ObjectReadContext context, IOContext io, DataInput in) {
    return new WholeText(super._createParser(context, io, in));
  }

  /// Names are looked at as they come, values when they are asked for: then whoever asks knows
  /// their place.
  private static final class WholeText extends JsonParserDelegate {
    WholeText(JsonParser parser) {
      super(parser);
    }

    @Override
    public @Nullable JsonToken nextToken() {
      return checkedName(super.nextToken());
    }

    @Override
    public @Nullable JsonToken nextValue() {
      JsonToken token = nextToken();
      return token == JsonToken.PROPERTY_NAME ? nextToken() : token;
    }

    @Override
    public @Nullable String nextName() {
      return nextToken() == JsonToken.PROPERTY_NAME ? currentName() : null;
    }

    @Override
    public boolean nextName(SerializableString name) {
      return name.getValue().equals(nextName());
    }

    @Override
    public int nextNameMatch(PropertyNameMatcher matcher) {
      int match = super.nextNameMatch(matcher);
      checkedName(currentToken());
      return match;
    }

    @Override
    public @Nullable String nextStringValue() {
      return nextToken() == JsonToken.VALUE_STRING ? getString() : null;
    }

    @Override
    public String getString() {
      return checked(super.getString());
    }

    @Override
    public @Nullable String getValueAsString() {
      return currentToken() == JsonToken.VALUE_STRING ? getString() : super.getValueAsString();
    }

    @Override
    public @Nullable String getValueAsString(@Nullable String otherwise) {
      return currentToken() == JsonToken.VALUE_STRING
          ? getString()
          : super.getValueAsString(otherwise);
    }

    /// So that whoever copies a text copies it by `getString`.
    @Override
    public boolean hasStringCharacters() {
      return false;
    }

    private @Nullable JsonToken checkedName(@Nullable JsonToken token) {
      if (token == JsonToken.PROPERTY_NAME) {
        String _ = checked(currentName());
      }
      return token;
    }

    private String checked(String text) {
      if (!isWhole(text)) {
        throw DatabindException.from(
            this,
            "a text that is not whole",
            new IllegalArgumentException(
                "must not contain the character NUL or half a surrogate pair"));
      }
      return text;
    }

    private static boolean isWhole(String text) {
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c == 0 || Character.isLowSurrogate(c)) {
          return false;
        }
        if (Character.isHighSurrogate(c)) {
          i++;
          if (i == text.length() || !Character.isLowSurrogate(text.charAt(i))) {
            return false;
          }
        }
      }
      return true;
    }
  }
}
