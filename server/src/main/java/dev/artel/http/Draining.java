package dev.artel.http;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The signal that this process is about to stop: `/ready` turns false, streams say farewell,
/// waiting calls answer that the work goes on elsewhere, and only then no new request is taken. Set
/// once; safe for use by many threads.
public final class Draining {
  private static final Logger log = LoggerFactory.getLogger(Draining.class);

  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile boolean begun;

  public boolean begun() {
    return begun;
  }

  /// Runs the act when draining begins, or at once when it has begun. Must not block for long.
  public void onBegin(Runnable act) {
    boolean late;
    synchronized (this) {
      late = begun;
      if (!late) {
        listeners.add(act);
      }
    }
    if (late) {
      act.run();
    }
  }

  /// Begins to drain. Doing it again changes nothing.
  public void begin() {
    synchronized (this) {
      if (begun) {
        return;
      }
      begun = true;
    }
    log.info("draining: no new work is taken");
    for (Runnable listener : listeners) {
      try {
        listener.run();
      } catch (RuntimeException failure) {
        // One part that cannot say farewell must not keep the others from it.
        log.warn("a part failed to drain", failure);
      }
    }
  }
}
