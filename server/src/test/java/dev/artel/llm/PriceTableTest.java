package dev.artel.llm;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PriceTableTest {
  @TempDir Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("prices.txt"), text);
  }

  @Test
  void cached_input_has_a_price_of_its_own() {
    PriceTable.Price price = requireNonNull(PriceTable.load(null).find("openai", "gpt-4.1", true));

    // 900 000 at 2.00, 100 000 at 0.50, 500 000 at 8.00.
    assertThat(price.cost(new TokenCounts(1_000_000, 500_000, 100_000)))
        .isEqualByComparingTo("5.85");
  }

  @Test
  void small_answers_are_not_rounded_away() {
    PriceTable.Price price =
        requireNonNull(PriceTable.load(null).find("openai", "gpt-4.1-nano", true));

    assertThat(price.cost(new TokenCounts(1, 0, 0))).isEqualByComparingTo("0.0000001");
  }

  @Test
  void a_dated_name_costs_like_the_plain_one() {
    PriceTable prices = PriceTable.load(null);

    for (String name : List.of("gpt-4.1-2025-04-14", "gpt-4.1-latest", "gpt-4.1-20250414")) {
      assertThat(prices.find("openai", name, true))
          .isEqualTo(prices.find("openai", "gpt-4.1", true));
    }
  }

  @Test
  void the_built_in_table_does_not_speak_for_other_servers() {
    assertThat(PriceTable.load(null).find("openai", "gpt-4.1", false)).isNull();
    assertThat(PriceTable.load(null).find("openai", "gpt-unknown", true)).isNull();
  }

  @Test
  void the_configured_file_wins_and_prices_any_endpoint() throws IOException {
    PriceTable prices =
        PriceTable.load(
            file(
                """
                # ours
                openai/gpt-4.1 1 2
                own/org/m      0.5 1.5 -   32768  # a context
                """));

    assertThat(prices.find("openai", "gpt-4.1", true))
        .isEqualTo(new PriceTable.Price(BigDecimal.ONE, BigDecimal.TWO, null, null));
    assertThat(prices.find("own", "org/m", false))
        .isEqualTo(new PriceTable.Price(new BigDecimal("0.5"), new BigDecimal("1.5"), null, 32768));
  }

  @Test
  void a_bad_line_is_named() throws IOException {
    for (String line : List.of("gpt 1 2", "a/b 1", "a/b 1 x", "a/b -1 2", "a/b 1 2 3 4 5")) {
      Path file = file("# fine\n" + line + "\n");
      assertThatThrownBy(() -> PriceTable.load(file))
          .as(line)
          .isInstanceOf(InvalidModelSettings.class)
          .hasMessageStartingWith("ARTEL_MODEL_PRICES line 2 of ");
    }
  }

  @Test
  void a_missing_file_is_named() {
    assertThatThrownBy(() -> PriceTable.load(folder.resolve("none")))
        .isInstanceOf(InvalidModelSettings.class)
        .hasMessageStartingWith("ARTEL_MODEL_PRICES names a file that cannot be read");
  }
}
