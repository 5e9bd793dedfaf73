package dev.artel.http;

import dev.artel.base.Fault;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/// Forgets old keys now and then. Nothing depends on when: a key that is a day old counts for
/// nothing, swept or not.
final class KeySweep implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(KeySweep.class);
  private static final Duration PAUSE = Duration.ofMinutes(15);

  private final KeyStore store;
  private final Thread thread;

  KeySweep(KeyStore store) {
    this.store = store;
    this.thread = Thread.ofVirtual().name("idempotency-sweep").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(PAUSE);
        try {
          store.sweep();
        } catch (DataAccessException | Fault unreachable) {
          log.warn("old idempotency keys were not swept; the next sweep takes them", unreachable);
        }
      }
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
