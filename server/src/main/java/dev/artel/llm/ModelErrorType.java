package dev.artel.llm;

import java.util.Locale;

/// Why a model did not answer, as clients see it.
public enum ModelErrorType {
  TIMEOUT,
  CONNECTION,
  RATE_LIMIT,
  AUTHENTICATION,
  BAD_REQUEST,
  UNKNOWN;

  /// The name on the wire.
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
