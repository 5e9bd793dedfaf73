package dev.artel.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.http.Draining;
import dev.artel.testing.World;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class ShutdownTest {
  @Test
  void parts_say_farewell_while_the_service_still_answers() {
    World own = World.start(Map.of());
    var seen = new AtomicReference<String>();
    own.door(Draining.class)
        .onBegin(() ->
            seen.set(
                own.stranger().get("/ready").status()
                    + " "
                    + own.stranger().get("/health").status()));

    own.close();

    assertThat(seen.get()).isEqualTo("503 200");
  }

  @Test
  void a_part_that_fails_to_drain_keeps_no_other_from_it_and_a_late_one_is_told_at_once() {
    var draining = new Draining();
    var told = new StringBuilder();
    draining.onBegin(() -> told.append("a"));
    draining.onBegin(() -> {
      throw new IllegalStateException("cannot");
    });
    draining.onBegin(() -> told.append("b"));

    draining.begin();
    draining.begin();
    draining.onBegin(() -> told.append("c"));

    assertThat(told).hasToString("abc");
  }
}
