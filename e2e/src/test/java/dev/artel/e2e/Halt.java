package dev.artel.e2e;

import dev.artel.runtime.CrashPoint;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// Lives in the service and kills it, as `kill -9` does, when a run reaches a place for the nth
/// time. Which place, the environment says: `CRASH_AT=label:n`.
public final class Halt implements CrashPoint {
  static final String VARIABLE = "CRASH_AT";

  private final String label;
  private final AtomicInteger left;

  /// Made by the service loader.
  public Halt() {
    String at = System.getenv().getOrDefault(VARIABLE, ":1");
    int colon = at.lastIndexOf(':');
    label = at.substring(0, colon);
    left = new AtomicInteger(Integer.parseInt(at.substring(colon + 1)));
  }

  @Override
  public void reached(String place) {
    if (!place.equals(label) || left.decrementAndGet() != 0) {
      return;
    }
    try {
      new ProcessBuilder("kill", "-9", Long.toString(ProcessHandle.current().pid())).start();
      LockSupport.park();
    } catch (IOException failure) {
      Runtime.getRuntime().halt(137);
    }
  }
}
