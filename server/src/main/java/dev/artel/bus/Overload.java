package dev.artel.bus;

import java.time.Duration;
import java.util.Optional;

/// Whether a process that is full starts urgent work all the same. Used by the dispatcher's thread;
/// others may read whether it is overloaded.
final class Overload {
  private final int places;
  private final int reserve;
  private final long fullForNanos;
  private boolean full;
  private long fullSince;
  private volatile boolean overloaded;

  Overload(BusLimits limits) {
    this.places = limits.runningPerNode();
    this.reserve = limits.reserve();
    this.fullForNanos = limits.fullFor().toNanos();
  }

  /// What may start now.
  ///
  /// @param least the priority that a task must have
  record Room(int places, Priority least) {}

  /// @param active tasks that run here
  /// @param now of the clock that only runs forward, in nanoseconds
  Room room(int active, long now) {
    if (active < places) {
      full = false;
      overloaded = false;
      return new Room(places - active, Priority.NORMAL);
    }
    if (!full) {
      full = true;
      fullSince = now;
    }
    overloaded = now - fullSince >= fullForNanos;
    int urgent = overloaded ? Math.max(0, places + reserve - active) : 0;
    return new Room(urgent, Priority.HIGH);
  }

  /// When a full process becomes an overloaded one; empty when it is none or is one already.
  Optional<Duration> overloadedIn(long now) {
    return full && !overloaded
        ? Optional.of(Duration.ofNanos(Math.max(0, fullForNanos - (now - fullSince))))
        : Optional.empty();
  }

  boolean overloaded() {
    return overloaded;
  }
}
