package dev.artel.bus;

/// How an agent leaves the bus.
public enum Departure {
  /// What runs may end in time; what waits is cancelled at once.
  RUNNING_ENDS,
  /// What waits is still taken up, as long as the time lasts.
  QUEUE_DRAINS
}
