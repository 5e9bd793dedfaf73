package dev.artel.identity;

import dev.artel.base.Fault;
import dev.artel.protocol.ErrorCode;
import java.util.Locale;

/// Why a request is not authenticated. The caller learns the reason by name and nothing more.
enum Refusal {
  MISSING("Missing authorization token"),
  EXPIRED("Token expired"),
  MALFORMED("Invalid or expired token"),
  SIGNATURE("Invalid or expired token"),
  CLAIMS("Invalid or expired token"),
  REVOKED("Invalid or expired token"),
  USER_ID("Invalid or expired token"),
  CODE("Invalid or expired token");

  private final String detail;

  Refusal(String detail) {
    this.detail = detail;
  }

  String reason() {
    return name().toLowerCase(Locale.ROOT);
  }

  Fault fault() {
    return Fault.of(ErrorCode.AUTH_ERROR, detail).with("reason", reason());
  }
}
