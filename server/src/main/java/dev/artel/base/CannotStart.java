package dev.artel.base;

/// Why the service refuses to start although nothing in it is broken: one line for the operator,
/// which names the cause and the remedy. Shown without a stack trace.
public final class CannotStart extends RuntimeException {
  public CannotStart(String line) {
    super(line);
  }

  public CannotStart(String line, Throwable cause) {
    super(line, cause);
  }

  /// The line for the operator.
  public String line() {
    return String.valueOf(getMessage());
  }
}
