package dev.artel.llm;

import dev.artel.testing.ProviderWire;
import java.net.URI;
import java.time.Duration;

class AnthropicModelTest extends RemoteModelContract {
  AnthropicModelTest() {
    super(ProviderWire.ANTHROPIC);
  }

  @Override
  ModelSettings settings(URI url, Duration firstToken, Duration idle) {
    return TestSettings.anthropic(url, KEY, firstToken, idle);
  }

  @Override
  Discovery.Services services(URI url) {
    return new Discovery.Services(url, url, url);
  }
}
