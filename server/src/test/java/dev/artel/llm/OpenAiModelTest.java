package dev.artel.llm;

import dev.artel.testing.ProviderWire;
import java.net.URI;
import java.time.Duration;

class OpenAiModelTest extends RemoteModelContract {
  OpenAiModelTest() {
    super(ProviderWire.OPENAI);
  }

  @Override
  ModelSettings settings(URI url, Duration firstToken, Duration idle) {
    return TestSettings.openai(url, KEY, firstToken, idle);
  }

  @Override
  Discovery.Services services(URI url) {
    return new Discovery.Services(url, url, url);
  }
}
