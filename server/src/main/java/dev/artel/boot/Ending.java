package dev.artel.boot;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Stops the service when the process is told to end. A start that is under way comes to rest
/// first: the framework's own hook gives up on one that waits for a child process, and then the
/// embedded PostgreSQL would outlive the service.
final class Ending extends Thread {
  private static final long START_SECONDS_MAX = 90;

  private final CountDownLatch rest = new CountDownLatch(1);
  private volatile @Nullable Running running;
  private volatile boolean asked;

  Ending() {
    super("ending");
  }

  /// The start is over; null when it failed and has cleaned up after itself. Answers whether the
  /// service is still wanted: somebody may have asked it to end meanwhile.
  boolean started(@Nullable Running service) {
    running = service;
    rest.countDown();
    return !asked;
  }

  @Override
  public void run() {
    asked = true;
    try {
      if (rest.await(START_SECONDS_MAX, TimeUnit.SECONDS)) {
        Running service = running;
        if (service != null) {
          service.close();
        }
      }
    } catch (InterruptedException _) {
      // Nobody interrupts a hook; the process ends here either way.
      Thread.currentThread().interrupt();
    }
  }
}
