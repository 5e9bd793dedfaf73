package dev.artel.llm;

import java.util.Locale;

/// Which protocol a provider speaks.
public enum ProviderKind {
  OPENAI,
  ANTHROPIC,
  GEMINI,
  DEMO;

  /// The name on the wire.
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
