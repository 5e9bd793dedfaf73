package dev.artel.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.llm.ModelOutcome.Answered;
import dev.artel.llm.ModelOutcome.Failed;
import dev.artel.testing.ProviderWire;
import dev.artel.testing.Reply;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class OpenAiModelTest extends FaultyModelContract {
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

  private ModelOutcome ask() throws InterruptedException {
    return models().call(served(), request("Hi"), _ -> {}, new Cancellation());
  }

  @Test
  void an_error_sent_as_data_is_understood() throws Exception {
    server.next(
        Reply.of("Hel")
            .raw("data: {\"error\":{\"code\":401,\"message\":\"x\"},\"choices\":[]}\n\n")
            .thenSilence());

    assertThat(((Failed) ask()).errorType()).isEqualTo(ModelErrorType.AUTHENTICATION);
  }

  @Test
  void an_error_sent_as_bare_text_is_understood() throws Exception {
    server.next(Reply.of("Hel").raw("data: {\"error\":\"out of memory\"}\n\n").thenSilence());

    Failed failed = (Failed) ask();
    assertThat(failed.errorType()).isEqualTo(ModelErrorType.UNKNOWN);
    assertThat(failed.message()).doesNotContain("out of memory");
  }

  @Test
  void a_text_about_an_error_is_no_error() throws Exception {
    server.next(Reply.of("{\"error\":", " {\"code\": 401}}"));

    assertThat(ask().text()).isEqualTo("{\"error\": {\"code\": 401}}");
  }

  @Test
  void a_server_that_only_says_done_is_done() throws Exception {
    server.next(Reply.of("Hello").raw("data: [DONE]\n\n").thenEnd());

    Answered answer = (Answered) ask();
    assertThat(answer.text()).isEqualTo("Hello");
    assertThat(answer.usage().estimated()).isTrue();
    assertThat(answer.usage().tokensOut()).isPositive();
  }
}
