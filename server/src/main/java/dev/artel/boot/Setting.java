package dev.artel.boot;

import org.jspecify.annotations.Nullable;

/// One thing that a deployment may choose. Parsing, errors, the printout at start and the reference
/// in docs/configuration.md all follow from it.
///
/// @param name without the prefix `ARTEL_`
/// @param local the default in local mode, as it would be written; null when there is none
/// @param production the default in production mode
/// @param effect one sentence for the reference
record Setting<T>(
    String name,
    Area area,
    Kind<T> kind,
    @Nullable String local,
    @Nullable String production,
    boolean secret,
    String effect) {
  static final String PREFIX = "ARTEL_";

  /// The parts of the reference, in its order.
  enum Area {
    SERVICE("Service"),
    DATABASE("PostgreSQL"),
    TOKENS("Tokens"),
    MODELS("Models"),
    LIMITS("Limits"),
    STREAMS("Streams and the log"),
    AGENTS("Agents and chat"),
    METRICS("Metrics"),
    CORS("CORS");

    final String title;

    Area(String title) {
      this.title = title;
    }
  }

  /// The name in the environment.
  String variable() {
    return PREFIX + name;
  }

  @Nullable String fallback(Config.Mode mode) {
    return mode == Config.Mode.LOCAL ? local : production;
  }

  /// What may be shown of a value.
  String shown(String text) {
    return secret ? "***" : text;
  }
}
