package dev.artel.llm;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Lets time pass between the words of the demo model. Passed in, so that tests do not wait.
@FunctionalInterface
public interface Pacing {
  /// Returns when the time is over or the call was cancelled, whichever comes first.
  void pause(Duration duration, Cancellation cancel) throws InterruptedException;

  /// Waits in real time.
  static Pacing real() {
    return (duration, cancel) -> {
      CountDownLatch cancelled = new CountDownLatch(1);
      try (Cancellation.Registration _ = cancel.onCancel(cancelled::countDown)) {
        boolean _ = cancelled.await(duration.toNanos(), TimeUnit.NANOSECONDS);
      }
    };
  }
}
