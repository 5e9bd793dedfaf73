package dev.artel.http;

import dev.artel.base.Fault;
import dev.artel.protocol.ErrorCode;
import dev.artel.protocol.WireCodec;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes error answers: the one place where a fault becomes a status, headers and a body. Filters
/// and handlers answer alike.
public final class Errors {
  private Errors() {}

  /// Answers with the fault, unless the answer has already begun.
  public static void write(HttpServletResponse response, Fault fault) throws IOException {
    write(response, fault, null);
  }

  static void write(
      HttpServletResponse response, Fault fault, @Nullable List<ErrorResponse.FieldError> errors)
      throws IOException {
    if (response.isCommitted()) {
      return;
    }
    response.resetBuffer();
    response.setStatus(Statuses.of(fault.code()));
    response.setContentType("application/json");
    response.setCharacterEncoding("UTF-8");
    if (fault.code() == ErrorCode.AUTH_ERROR) {
      response.setHeader("WWW-Authenticate", "Bearer");
    }
    Duration wait = fault.retryAfter();
    if (wait != null) {
      response.setHeader("Retry-After", Long.toString(Math.max(1, wait.toSeconds())));
    }
    // Written without closing: until the container commits, a ring further out may still add a
    // header or answer otherwise.
    response.getOutputStream().write(WireCodec.json().writeValueAsBytes(body(fault, errors)));
  }

  static ErrorResponse body(Fault fault, @Nullable List<ErrorResponse.FieldError> errors) {
    Map<String, Object> metadata = fault.metadata();
    return new ErrorResponse(
        fault.message(),
        fault.code(),
        Instant.now().truncatedTo(ChronoUnit.MILLIS),
        metadata.isEmpty() ? null : metadata,
        errors);
  }

  /// What a caller is told of a failure that is ours.
  static Fault unexpected() {
    return Fault.of(
        ErrorCode.INTERNAL_ERROR,
        "Something went wrong on our side. The request id in X-Request-ID helps to find it.");
  }
}
