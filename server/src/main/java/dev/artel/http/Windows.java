package dev.artel.http;

import java.time.Duration;

/// Counts requests in fixed windows, each beginning with the first request after the one before has
/// ended. Instances that share a count share an implementation of this.
interface Windows {
  /// Counts one more request of that bucket.
  Window count(String bucket, Duration length);

  /// @param count how many there were in this window, this one included
  /// @param left how long the window still lasts
  record Window(long count, Duration left) {}
}
