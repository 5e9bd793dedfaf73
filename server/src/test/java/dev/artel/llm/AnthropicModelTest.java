package dev.artel.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.llm.Resolution.Served;
import dev.artel.testing.ProviderWire;
import dev.artel.testing.Reply;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnthropicModelTest extends FaultyModelContract {
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

  @Test
  void a_temperature_above_the_range_of_anthropic_is_brought_into_it() throws Exception {
    answering(1);
    ModelRequest hot = new ModelRequest(SYSTEM, List.of(new ModelMessage.User("Hi")), 1.8, 256);

    models().call(served(), hot, _ -> {}, new Cancellation());

    assertThat(server.requests().getFirst().temperature()).isEqualTo(1.0);
  }

  @Test
  void an_answer_of_a_known_model_has_a_price() throws Exception {
    server.next(Reply.of("Yes").usage(1_000_000, 100_000, 0));

    Usage usage =
        models()
            .call(
                new Served("anthropic", "claude-sonnet-4-5-20250929", false),
                request("Hi"),
                _ -> {},
                new Cancellation())
            .usage();

    assertThat(usage.costUsd()).isEqualByComparingTo("4.5");
  }
}
