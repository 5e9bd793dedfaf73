package dev.artel.http;

import java.time.Duration;
import org.springframework.context.SmartLifecycle;

/// Begins to drain before the web server stops to listen, and leaves those who send requests the
/// time to notice.
final class DrainLifecycle implements SmartLifecycle {
  private final Draining draining;
  private final Duration delay;
  private volatile boolean running;

  DrainLifecycle(Draining draining, Duration delay) {
    this.draining = draining;
    this.delay = delay;
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    draining.begin();
    try {
      Thread.sleep(delay);
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /// Last to start and first to stop.
  @Override
  public int getPhase() {
    return Integer.MAX_VALUE;
  }
}
