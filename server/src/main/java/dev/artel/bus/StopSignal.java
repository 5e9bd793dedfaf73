package dev.artel.bus;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tells a running task to end, and why. The first reason stands. Safe for use by many threads.
public final class StopSignal {
  /// Why a task must end before it is done.
  public enum Reason {
    /// Its owner said stop.
    USER,
    /// Its running time is used up.
    TIMEOUT,
    /// What it works for was deleted, or the claim is another's; there is nothing left to write.
    GONE,
    /// The process stops; the task goes on elsewhere.
    SHUTDOWN
  }

  private @Nullable Reason reason;
  private final List<Runnable> acts = new ArrayList<>();

  void stop(Reason why) {
    List<Runnable> due;
    synchronized (this) {
      if (reason != null) {
        return;
      }
      reason = why;
      due = List.copyOf(acts);
    }
    due.forEach(Runnable::run);
  }

  public synchronized @Nullable Reason reason() {
    return reason;
  }

  /// Runs the act when the signal is given, or now when it was. The act must not block.
  public void onStop(Runnable act) {
    synchronized (this) {
      if (reason == null) {
        acts.add(act);
        return;
      }
    }
    act.run();
  }
}
