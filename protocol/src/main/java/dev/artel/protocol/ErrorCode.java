package dev.artel.protocol;

/// Every code that an error answer may carry. A code says what the caller can do about it; the HTTP
/// status that belongs to it stands in one table of the edge library.
public enum ErrorCode {
  BAD_REQUEST(Type.USER),
  INVALID_FILTER(Type.USER),
  TOOL_REJECTED(Type.USER),
  ALREADY_RESOLVED(Type.USER),
  DEPENDENCY_NOT_COMPLETED(Type.USER),
  AUTH_ERROR(Type.USER),
  FORBIDDEN(Type.USER),
  NOT_FOUND(Type.NOT_FOUND),
  METHOD_NOT_ALLOWED(Type.USER),
  UNSUPPORTED_MEDIA_TYPE(Type.USER),
  HEADERS_TOO_LARGE(Type.USER),
  CONFLICT(Type.CONFLICT),
  APPROVAL_TIMEOUT(Type.CONFLICT),
  PRECONDITION_FAILED(Type.CONFLICT),
  PAYLOAD_TOO_LARGE(Type.USER),
  MISDIRECTED_REQUEST(Type.USER),
  VALIDATION_ERROR(Type.USER),
  RATE_LIMITED(Type.LIMIT),
  SESSION_QUEUE_FULL(Type.LIMIT),
  TOO_MANY_STREAMS(Type.LIMIT),
  INTERNAL_ERROR(Type.INTERNAL),
  LLM_PROVIDER_ERROR(Type.UPSTREAM),
  AGENT_UNAVAILABLE(Type.LIMIT),
  QUEUE_FULL(Type.LIMIT),
  SERVICE_UNAVAILABLE(Type.UPSTREAM),
  TASK_TIMEOUT(Type.LIMIT);

  private final Type type;

  ErrorCode(Type type) {
    this.type = type;
  }

  public Type type() {
    return type;
  }

  /// What kind of failure a code is. Whether a repeat can help, and how loudly the log speaks of
  /// it, follow from the type.
  public enum Type {
    USER,
    NOT_FOUND,
    CONFLICT,
    LIMIT,
    UPSTREAM,
    INTERNAL;

    public boolean retryable() {
      return this == LIMIT || this == UPSTREAM;
    }
  }
}
