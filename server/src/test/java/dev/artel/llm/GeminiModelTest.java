package dev.artel.llm;

import dev.artel.testing.ProviderWire;
import java.net.URI;
import java.time.Duration;

class GeminiModelTest extends RemoteModelContract {
  GeminiModelTest() {
    super(ProviderWire.GEMINI);
  }

  @Override
  ModelSettings settings(URI url, Duration firstToken, Duration idle) {
    return TestSettings.gemini(url, KEY, firstToken, idle);
  }

  @Override
  Discovery.Services services(URI url) {
    return new Discovery.Services(url, url, url);
  }
}
