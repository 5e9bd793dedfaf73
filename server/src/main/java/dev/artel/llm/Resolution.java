package dev.artel.llm;

/// Who answers a request for a model.
public sealed interface Resolution {
  /// `provider` will be asked for `model`, by exactly this name. `demo` marks the built-in model,
  /// which every answer must show.
  record Served(String provider, String model, boolean demo) implements Resolution {}

  /// No provider is configured and the demo model does not stand in (production mode).
  record NoModel() implements Resolution {}
}
