package dev.artel.http;

import dev.artel.protocol.UserId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What makes two requests the same: user, method, path in canonical form and key; and by the hash
/// whether they also ask for the same.
record RepeatKey(UserId user, String method, String path, String key, String requestHash) {
  private static final Pattern VISIBLE_ASCII = Pattern.compile("[!-~]{1,255}");
  private static final int PATH_CHARS_MAX = 500;

  static RepeatKey of(
      UserId user, String method, String path, String key, @Nullable String query, byte[] body) {
    if (!VISIBLE_ASCII.matcher(key).matches()) {
      throw Invalid.at("Idempotency-Key", "must be 1 to 255 visible ASCII characters", "pattern");
    }
    MessageDigest digest = sha256();
    digest.update(body);
    if (query != null) {
      digest.update((byte) '?');
      digest.update(query.getBytes(StandardCharsets.UTF_8));
    }
    return new RepeatKey(
        user, method, stored(path), key, HexFormat.of().formatHex(digest.digest()));
  }

  private static String stored(String path) {
    return path.length() <= PATH_CHARS_MAX
        ? path
        : "sha256:"
            + HexFormat.of().formatHex(sha256().digest(path.getBytes(StandardCharsets.UTF_8)));
  }

  boolean asksTheSameAs(KeyStore.Row row) {
    return requestHash.equals(row.requestHash());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }
}
