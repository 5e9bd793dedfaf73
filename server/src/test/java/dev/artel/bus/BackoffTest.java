package dev.artel.bus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.acceptance.Accepts;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

@Accepts("S6.8")
final class BackoffTest {
  private final RandomGenerator random = new Random(4);

  private static RandomGenerator always(boolean high) {
    return new RandomGenerator() {
      @Override
      public long nextLong() {
        return 0;
      }

      @Override
      public long nextLong(long bound) {
        return high ? bound - 1 : 0;
      }
    };
  }

  @Test
  void waits_double_and_lie_between_a_half_and_the_whole() {
    for (int retries = 0; retries < 3; retries++) {
      long whole = 5000L << retries;
      assertThat(Backoff.STANDARD.next(retries, null, always(false)))
          .contains(Duration.ofMillis(whole / 2));
      assertThat(Backoff.STANDARD.next(retries, null, always(true)))
          .contains(Duration.ofMillis(whole));
    }
  }

  @Test
  void the_fourth_temporary_error_is_the_last_word() {
    assertThat(Backoff.STANDARD.next(2, null, random)).isPresent();
    assertThat(Backoff.STANDARD.next(3, null, random)).isEmpty();
    assertThat(Backoff.STANDARD.next(4, Duration.ofSeconds(1), random)).isEmpty();
  }

  @Test
  void what_the_provider_asks_for_is_never_shortened() {
    var asked = Duration.ofSeconds(30);
    assertThat(Backoff.STANDARD.next(0, asked, always(false))).contains(asked);
    assertThat(Backoff.STANDARD.next(0, asked, always(true))).contains(asked.plusSeconds(5));
    assertThat(Backoff.STANDARD.next(0, Duration.ZERO, always(true)))
        .contains(Duration.ofSeconds(5));
  }

  @Test
  void a_wait_that_is_longer_than_a_person_waits_is_not_begun() {
    assertThat(Backoff.STANDARD.next(0, Duration.ofMinutes(5), random)).isPresent();
    assertThat(Backoff.STANDARD.next(0, Duration.ofMinutes(5).plusMillis(1), random))
        .isEqualTo(Optional.empty());
  }

  @Test
  void no_wait_of_our_own_passes_the_longest() {
    var many =
        new Backoff(100, Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofMinutes(5));
    assertThat(many.next(3, null, always(true))).contains(Duration.ofSeconds(40));
    assertThat(many.next(4, null, always(true))).contains(Duration.ofSeconds(60));
    assertThat(many.next(99, null, always(true))).contains(Duration.ofSeconds(60));
  }
}
