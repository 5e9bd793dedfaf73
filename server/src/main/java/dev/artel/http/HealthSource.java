package dev.artel.http;

import org.jspecify.annotations.Nullable;

/// A part of the service that can tell how it is. Implemented where there is something to tell;
/// gathered by ops for `/ready`.
public interface HealthSource {
  /// The part's name as `/ready` lists it, such as `postgresql`.
  String part();

  /// How it is now. Must answer within seconds.
  State state();

  /// @param reason what is wrong, without addresses or secrets; null when it is well
  record State(Level level, @Nullable String reason) {
    public static State well() {
      return new State(Level.WELL, null);
    }

    public static State degraded(String reason) {
      return new State(Level.DEGRADED, reason);
    }

    public static State failed(String reason) {
      return new State(Level.FAILED, reason);
    }
  }

  /// Whether the service can go on: without a degraded part it serves less, without a failed one it
  /// cannot serve.
  enum Level {
    WELL,
    DEGRADED,
    FAILED
  }
}
