package dev.artel.llm;

import java.util.Locale;

/// Where a provider was found.
public enum ProviderSource {
  CONFIGURATION,
  ENVIRONMENT,
  OLLAMA,
  BUILT_IN;

  /// The name on the wire.
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
