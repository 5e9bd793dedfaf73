package dev.artel.boot;

import dev.artel.base.CannotStart;
import dev.artel.llm.InvalidModelSettings;
import java.net.BindException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.ConfigurableApplicationContext;

/// Finds, in whatever the framework wrapped around it, why the service refuses to start, so that
/// the operator reads one line and no stack trace. Named in META-INF/spring.factories.
final class Refusals implements SpringBootExceptionReporter {
  Refusals(@Nullable ConfigurableApplicationContext context) {}

  /// True keeps the framework from printing the stack trace; `main` prints the line.
  @Override
  public boolean reportException(Throwable failure) {
    return of(failure) != null;
  }

  /// Null when the failure is no refusal but a bug.
  static @Nullable CannotStart of(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case CannotStart refusal -> {
          return refusal;
        }
        case PortInUseException taken -> {
          return portTaken(taken.getPort(), failure);
        }
        case BindException _ -> {
          return new CannotStart(
              "the address cannot be listened on (%s): check ARTEL_HOST and ARTEL_PORT"
                  .formatted(cause.getMessage()),
              failure);
        }
        case InvalidModelSettings misfit -> {
          return new CannotStart(String.valueOf(misfit.getMessage()), failure);
        }
        default -> {}
      }
    }
    return null;
  }

  private static CannotStart portTaken(int port, Throwable failure) {
    return new CannotStart(
        "port %d is taken: stop what uses it, or choose another with ARTEL_PORT (./dev up --port %d)"
            .formatted(port, port + 1),
        failure);
  }
}
