package dev.artel.llm;

import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What local mode may find on a person's machine without being told: the environment of the
/// process and a local Ollama. Production mode never looks at it.
public record Surroundings(Map<String, String> environment, @Nullable URI ollama) {
  private static final URI OLLAMA = URI.create("http://127.0.0.1:11434/v1");

  private static final Set<String> WELL_KNOWN =
      Set.of("OPENAI_API_KEY", "OPENAI_BASE_URL", "ANTHROPIC_API_KEY", "GEMINI_API_KEY");

  public Surroundings {
    // A process's environment holds secrets of others, which are none of Artel's business.
    environment =
        environment.entrySet().stream()
            .filter(variable -> WELL_KNOWN.contains(variable.getKey()))
            .filter(variable -> !variable.getValue().isBlank())
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
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
    // The values are keys.
    return "Surroundings[environment=" + environment.keySet() + ", ollama=" + ollama + "]";
  }
}
