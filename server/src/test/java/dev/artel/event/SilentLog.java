package dev.artel.event;

import dev.artel.base.Ids;

/// A log that stores its events and tells nobody, for tests of those who write it.
public final class SilentLog {
  private SilentLog() {}

  public static EventLog create(Ids ids) {
    return new EventLog(ids, (_, _, _) -> {});
  }
}
