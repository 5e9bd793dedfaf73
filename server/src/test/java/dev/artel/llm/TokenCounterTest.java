package dev.artel.llm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TokenCounterTest {
  private final TokenCounter counter = TokenCounter.approximate();

  @Test
  void texts_are_counted_in_tokens() {
    assertThat(counter.count("")).isZero();
    assertThat(counter.count("Hello, world!")).isEqualTo(4);
    assertThat(counter.count("Привет, мир!")).isBetween(3, 8);
  }

  @Test
  void marks_of_special_tokens_in_a_text_are_text() {
    assertThat(counter.count("<|endoftext|>")).isGreaterThan(1);
  }

  @Test
  void a_message_counts_more_than_its_text() {
    assertThat(counter.count(new ModelMessage.User("Hello"))).isGreaterThan(counter.count("Hello"));
    assertThat(
            counter.count(
                new ModelRequest("Be brief.", List.of(new ModelMessage.User("Hello")), 0, 1)))
        .isGreaterThan(counter.count(new ModelMessage.User("Hello")));
  }
}
