package dev.artel.event;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Repeats what keeps the log in order: attempts to publish, and retention. A loop of its own
/// rather than the scheduler's rows: doing either twice, or on several nodes at once, is harmless.
final class Upkeep implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Upkeep.class);
  private static final Duration RETRY_EVERY = Duration.ofSeconds(5);
  private static final Duration RETENTION_EVERY = Duration.ofHours(1);

  private final Publication publication;
  private final Retention retention;
  private final Thread retrying =
      Thread.ofVirtual().name("event-retry").unstarted(() -> every(RETRY_EVERY, this::retry));
  private final Thread sweeping =
      Thread.ofVirtual()
          .name("event-retention")
          .unstarted(() -> every(RETENTION_EVERY, this::sweep));

  Upkeep(Publication publication, Retention retention) {
    this.publication = publication;
    this.retention = retention;
  }

  void start() {
    retrying.start();
    sweeping.start();
  }

  private void retry() {
    publication.retryDue();
    publication.measure();
  }

  private void sweep() {
    retention.sweep();
  }

  private static void every(Duration pause, Runnable act) {
    try {
      while (true) {
        try {
          act.run();
        } catch (RuntimeException failure) {
          log.warn("upkeep of the log failed; the next round repeats it: {}", failure.toString());
        }
        Thread.sleep(pause);
      }
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  @Override
  public void close() {
    retrying.interrupt();
    sweeping.interrupt();
  }
}
