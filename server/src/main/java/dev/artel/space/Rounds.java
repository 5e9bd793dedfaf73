package dev.artel.space;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Goes round the spaces once a minute.
final class Rounds implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Rounds.class);
  private static final Duration TICK = Duration.ofMinutes(1);

  private final Spaces spaces;
  private final Thread thread = Thread.ofVirtual().name("space-rounds").unstarted(this::run);
  private volatile boolean closed;

  Rounds(Spaces spaces) {
    this.spaces = spaces;
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!closed) {
        Thread.sleep(TICK);
        try {
          spaces.round();
        } catch (RuntimeException failure) {
          log.warn("a round of the worker spaces failed; the next goes on: {}", failure.toString());
        }
      }
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
