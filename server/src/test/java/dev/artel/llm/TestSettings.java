package dev.artel.llm;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Settings of a deployment with one provider and short timeouts, which no setting in seconds can
/// say.
final class TestSettings {
  private TestSettings() {}

  static ModelSettings openai(URI url, String key, Duration firstToken, Duration idle) {
    return of(new ApiKey(key), url, null, null, firstToken, idle);
  }

  static ModelSettings anthropic(URI url, String key, Duration firstToken, Duration idle) {
    return of(null, null, new ApiKey(key), null, firstToken, idle);
  }

  static ModelSettings gemini(URI url, String key, Duration firstToken, Duration idle) {
    return of(null, null, null, new ApiKey(key), firstToken, idle);
  }

  private static ModelSettings of(
      @Nullable ApiKey openAi,
      @Nullable URI openAiUrl,
      @Nullable ApiKey anthropic,
      @Nullable ApiKey gemini,
      Duration firstToken,
      Duration idle) {
    return new ModelSettings(
        false, openAi, openAiUrl, anthropic, gemini, List.of(), null, null, 3, firstToken, idle);
  }
}
