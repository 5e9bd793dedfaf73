package dev.artel.llm;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Lets any thread end a call that another one waits in. Cancelling is final; actions registered
/// afterwards run at once. Safe for use by several threads.
public final class Cancellation {
  private final Map<Object, Runnable> actions = new LinkedHashMap<>();
  private boolean cancelled;

  /// Cancels and runs the registered actions on this thread. Later calls change nothing.
  public void cancel() {
    List<Runnable> due;
    synchronized (this) {
      if (cancelled) {
        return;
      }
      cancelled = true;
      due = List.copyOf(actions.values());
      actions.clear();
    }
    due.forEach(Runnable::run);
  }

  public synchronized boolean isCancelled() {
    return cancelled;
  }

  /// Runs `action`, which must be short and must not throw, when cancelled. Closing the
  /// registration forgets it.
  public Registration onCancel(Runnable action) {
    Object ticket = new Object();
    synchronized (this) {
      if (!cancelled) {
        actions.put(ticket, action);
        return () -> forget(ticket);
      }
    }
    action.run();
    return () -> {};
  }

  private synchronized void forget(Object ticket) {
    actions.remove(ticket);
  }

  /// Forgets an action when closed.
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }
}
