package dev.artel.llm;

import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What local mode may find on a person's machine without being told: the environment of the
/// process and a local Ollama. Production mode never looks at it.
public record Surroundings(Map<String, String> environment, @Nullable URI ollama) {
  private static final URI OLLAMA = URI.create("http://127.0.0.1:11434/v1");

  public Surroundings {
    environment = Map.copyOf(environment);
  }

  /// The surroundings of a real start: this environment and Ollama's usual address.
  public static Surroundings of(Map<String, String> environment) {
    return new Surroundings(environment, OLLAMA);
  }

  /// Nothing to find, for tests and benches.
  public static Surroundings none() {
    return new Surroundings(Map.of(), null);
  }

  @Override
  public String toString() {
    // The environment holds keys.
    return "Surroundings[" + environment.size() + " variables, ollama=" + ollama + "]";
  }
}
