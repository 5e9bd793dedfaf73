package dev.artel.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.llm.ModelOutcome.Failed;
import dev.artel.testing.ProviderWire;
import dev.artel.testing.Reply;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class GeminiModelTest extends FaultyModelContract {
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

  private Failed ask() throws InterruptedException {
    return (Failed) models().call(served(), request("Hi"), _ -> {}, new Cancellation());
  }

  @Test
  void a_prompt_that_is_blocked_is_a_refusal() throws Exception {
    server.next(
        Reply.of().raw("data: {\"promptFeedback\":{\"blockReason\":\"SAFETY\"}}\n\n").thenEnd());

    assertThat(ask().message()).contains("content rules");
  }

  @Test
  void a_wrong_key_is_told_apart_from_a_wrong_request() throws Exception {
    server.next(
        Reply.json(
            400,
            """
            {"error":{"code":400,"status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}
            """));

    assertThat(ask().errorType()).isEqualTo(ModelErrorType.AUTHENTICATION);
  }
}
