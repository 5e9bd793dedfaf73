package dev.artel.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.llm.ModelOutcome.Answered;
import dev.artel.llm.Resolution.Served;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DemoModelTest extends ModelContract {
  private final StillTime time = new StillTime();
  private final Models models =
      Models.create(ModelSettings.of(true, Map.of()), Surroundings.none(), time, time);

  @AfterEach
  void close() {
    models.close();
  }

  @Override
  Models models() {
    return models;
  }

  @Override
  Served served() {
    return (Served) models.defaultModel();
  }

  @Override
  void answering(int calls) {}

  private Answered ask(String text, int maxTokens) throws InterruptedException {
    return (Answered)
        models.call(
            served(),
            new ModelRequest(SYSTEM, List.of(new ModelMessage.User(text)), 0.7, maxTokens),
            _ -> {},
            new Cancellation());
  }

  @Test
  void it_serves_local_mode_where_nothing_else_is_configured() {
    assertThat(served()).isEqualTo(new Served("demo", "demo", true));
  }

  @Test
  void an_english_request_is_repeated_in_english() throws Exception {
    assertThat(ask("read README.md", 256).text())
        .startsWith("This is Artel's demo model")
        .endsWith("read README.md");
  }

  @Test
  void a_russian_request_is_repeated_in_russian() throws Exception {
    assertThat(ask("Прочитай файл README.md", 256).text())
        .startsWith("Это демонстрационная модель Artel")
        .endsWith("Прочитай файл README.md");
  }

  @Test
  void the_same_request_gets_the_same_answer() throws Exception {
    assertThat(ask("Hi", 256).text()).isEqualTo(ask("Hi", 256).text());
  }

  @Test
  void words_come_thirty_a_second() throws Exception {
    Answered answer = ask("one two three", 256);

    int words = answer.text().split(" ", -1).length;
    assertThat(time.pauses()).hasSize(words - 1).containsOnly(Duration.ofSeconds(1).dividedBy(30));
    assertThat(answer.latency().firstTokenMs()).isZero();
  }

  @Test
  void usage_is_counted_and_costs_nothing() throws Exception {
    Usage usage = ask("Hi", 256).usage();

    assertThat(usage.costUsd()).isEqualByComparingTo(BigDecimal.ZERO);
    assertThat(usage.tokensOut()).isGreaterThan(10);
    assertThat(usage.estimated()).isFalse();
  }

  @Test
  void it_keeps_to_the_token_limit() throws Exception {
    Answered answer = ask("Hi", 3);

    assertThat(answer.finishReason()).isEqualTo(FinishReason.LENGTH);
    assertThat(answer.text()).isEqualTo("This is Artel's ");
  }

  @Test
  void a_very_long_request_is_repeated_in_part() throws Exception {
    assertThat(ask("word ".repeat(20_000), 128_000).text()).hasSizeLessThan(2200).endsWith("…");
  }
}
