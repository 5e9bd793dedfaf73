package dev.artel.base;

import dev.artel.protocol.ErrorCode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A refusal or failure that someone outside may see: a code, a message that names cause and
/// remedy, and details that are safe to show. Caught at the HTTP edge, the worker loop, the tool
/// boundary and the stream, and nowhere else.
public final class Fault extends RuntimeException {
  private final ErrorCode code;
  private final Map<String, Object> metadata;
  private final @Nullable Duration retryAfter;

  private Fault(
      ErrorCode code,
      String message,
      Map<String, Object> metadata,
      @Nullable Duration retryAfter,
      @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
    this.metadata = metadata;
    this.retryAfter = retryAfter;
  }

  public static Fault of(ErrorCode code, String message) {
    return new Fault(code, message, Map.of(), null, null);
  }

  public static Fault of(ErrorCode code, String message, Throwable cause) {
    return new Fault(code, message, Map.of(), null, cause);
  }

  /// A conflict, told apart by the reason that clients program against.
  public static Fault conflict(String reason, String message) {
    return of(ErrorCode.CONFLICT, message).with("reason", reason);
  }

  public static Fault notFound(String message) {
    return of(ErrorCode.NOT_FOUND, message);
  }

  /// The same fault with one more detail for the caller.
  public Fault with(String key, Object value) {
    var more = new LinkedHashMap<>(metadata);
    more.put(key, value);
    return new Fault(code, message(), more, retryAfter, getCause());
  }

  /// The same fault with the time after which a repeat may succeed.
  public Fault retryAfter(Duration wait) {
    return new Fault(code, message(), metadata, wait, getCause());
  }

  public ErrorCode code() {
    return code;
  }

  public String message() {
    return String.valueOf(getMessage());
  }

  public Map<String, Object> metadata() {
    return metadata;
  }

  public @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
