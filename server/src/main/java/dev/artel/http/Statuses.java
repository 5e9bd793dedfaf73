package dev.artel.http;

import dev.artel.protocol.ErrorCode;

/// The one table from error codes to HTTP status codes.
final class Statuses {
  private Statuses() {}

  static int of(ErrorCode code) {
    return switch (code) {
      case BAD_REQUEST, INVALID_FILTER, TOOL_REJECTED, ALREADY_RESOLVED, DEPENDENCY_NOT_COMPLETED ->
          400;
      case AUTH_ERROR -> 401;
      case FORBIDDEN -> 403;
      case NOT_FOUND -> 404;
      case METHOD_NOT_ALLOWED -> 405;
      case CONFLICT -> 409;
      case APPROVAL_TIMEOUT -> 410;
      case PRECONDITION_FAILED -> 412;
      case PAYLOAD_TOO_LARGE -> 413;
      case UNSUPPORTED_MEDIA_TYPE -> 415;
      case MISDIRECTED_REQUEST -> 421;
      case VALIDATION_ERROR -> 422;
      case RATE_LIMITED, SESSION_QUEUE_FULL, TOO_MANY_STREAMS -> 429;
      case HEADERS_TOO_LARGE -> 431;
      case INTERNAL_ERROR -> 500;
      case LLM_PROVIDER_ERROR, AGENT_UNAVAILABLE, QUEUE_FULL, SERVICE_UNAVAILABLE -> 503;
      case TASK_TIMEOUT -> 504;
    };
  }
}
