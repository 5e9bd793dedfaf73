package dev.artel.testing;

import dev.artel.runtime.CrashPoint;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Cuts a run off at a labelled place, as the death of its process would: what was not committed is
/// lost, and nobody cleans up behind it. A process of its own is halted where the system property
/// `artel.test.crash` says.
public final class Crashes implements CrashPoint {
  private static final AtomicReference<@Nullable String> ARMED = new AtomicReference<>();
  private static volatile boolean failing;
  private static final @Nullable String HALT = System.getProperty("artel.test.crash");

  /// Cuts off the next run that reaches that place.
  public static void at(String label) {
    failing = false;
    ARMED.set(label);
  }

  /// Lets what happens there fail, once, in a process that lives on.
  public static void failAt(String label) {
    failing = true;
    ARMED.set(label);
  }

  /// Whether a run was cut off where it was asked for last.
  public static boolean happened() {
    return ARMED.get() == null;
  }

  @Override
  public void reached(String label) {
    if (label.equals(HALT)) {
      Runtime.getRuntime().halt(137);
    }
    if (label.equals(ARMED.get()) && ARMED.compareAndSet(ARMED.get(), null)) {
      if (failing) {
        throw new IllegalStateException("failed at " + label);
      }
      throw new Crash(label);
    }
  }

  /// An error, because nobody handles the death of their process.
  private static final class Crash extends Error {
    Crash(String label) {
      super("cut off at " + label);
    }
  }
}
