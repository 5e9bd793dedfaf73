package dev.artel.bus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.bus.Overload.Room;
import dev.artel.protocol.UserId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class OverloadTest {
  private static final long SECOND = 1_000_000_000L;

  private final Overload overload =
      new Overload(
          new BusLimits(100, 32, Duration.ofSeconds(600), Duration.ofSeconds(6), 3)
              .overloadedAfter(Duration.ofSeconds(5)));

  @Test
  void a_process_with_places_starts_whatever_comes() {
    assertThat(overload.room(0, 0)).isEqualTo(new Room(32, Priority.NORMAL));
    assertThat(overload.room(31, SECOND)).isEqualTo(new Room(1, Priority.NORMAL));
    assertThat(overload.overloaded()).isFalse();
    assertThat(overload.overloadedIn(SECOND)).isEmpty();
  }

  @Test
  void one_that_is_full_for_five_seconds_starts_urgent_work_only_until_a_place_is_free() {
    assertThat(overload.room(32, 10 * SECOND)).isEqualTo(new Room(0, Priority.HIGH));
    assertThat(overload.overloadedIn(12 * SECOND)).contains(Duration.ofSeconds(3));
    assertThat(overload.room(32, 15 * SECOND - 1)).isEqualTo(new Room(0, Priority.HIGH));
    assertThat(overload.overloaded()).isFalse();

    assertThat(overload.room(32, 15 * SECOND)).isEqualTo(new Room(2, Priority.HIGH));
    assertThat(overload.overloaded()).isTrue();
    assertThat(overload.overloadedIn(15 * SECOND)).isEmpty();
    assertThat(overload.room(33, 16 * SECOND)).isEqualTo(new Room(1, Priority.HIGH));
    assertThat(overload.room(34, 16 * SECOND)).isEqualTo(new Room(0, Priority.HIGH));

    assertThat(overload.room(31, 17 * SECOND)).isEqualTo(new Room(1, Priority.NORMAL));
    assertThat(overload.overloaded()).isFalse();
    assertThat(overload.room(32, 18 * SECOND)).isEqualTo(new Room(0, Priority.HIGH));
    assertThat(overload.room(32, 22 * SECOND)).isEqualTo(new Room(0, Priority.HIGH));
    assertThat(overload.room(32, 23 * SECOND)).isEqualTo(new Room(2, Priority.HIGH));
  }

  @Test
  void whom_a_process_served_last_comes_last_and_the_oldest_are_forgotten() {
    var served = new Served();
    List<UserId> users = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      users.add(new UserId(new UUID(0, i)));
      served.add(users.get(i));
    }
    assertThat(served.inOrder()).isEqualTo(users.subList(44, 300));

    served.add(users.get(50));
    assertThat(served.inOrder()).hasSize(256).endsWith(users.get(299), users.get(50));
  }
}
