package dev.artel.bench;

import java.util.Arrays;
import java.util.Collection;

/// Measured times, in order of size.
final class Sample {
  private final long[] nanos;

  private Sample(long[] nanos) {
    this.nanos = nanos;
    Arrays.sort(nanos);
  }

  static Sample of(long[] nanos) {
    return new Sample(nanos.clone());
  }

  static Sample of(Collection<Long> nanos) {
    return new Sample(nanos.stream().mapToLong(Long::longValue).toArray());
  }

  int size() {
    return nanos.length;
  }

  /// The time that `percent` of all do not exceed, in milliseconds.
  double millis(double percent) {
    return micros(percent) / 1000;
  }

  double micros(double percent) {
    if (nanos.length == 0) {
      return Double.NaN;
    }
    int rank = (int) Math.ceil(percent / 100 * nanos.length);
    return nanos[Math.clamp(rank - 1, 0, nanos.length - 1)] / 1000.0;
  }
}
