package dev.artel.llm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CancellationTest {
  private final List<String> ran = new ArrayList<>();

  @Test
  void cancelling_runs_each_action_once() {
    Cancellation cancel = new Cancellation();
    var _ = cancel.onCancel(() -> ran.add("a"));
    var _ = cancel.onCancel(() -> ran.add("b"));

    cancel.cancel();
    cancel.cancel();

    assertThat(cancel.isCancelled()).isTrue();
    assertThat(ran).containsExactly("a", "b");
  }

  @Test
  void an_action_that_comes_late_runs_at_once() {
    Cancellation cancel = new Cancellation();
    cancel.cancel();

    var _ = cancel.onCancel(() -> ran.add("late"));

    assertThat(ran).containsExactly("late");
  }

  @Test
  void a_closed_registration_is_forgotten() {
    Cancellation cancel = new Cancellation();
    cancel.onCancel(() -> ran.add("a")).close();

    cancel.cancel();

    assertThat(ran).isEmpty();
  }

  @Test
  void a_real_pause_ends_when_it_is_cancelled() throws Exception {
    Cancellation cancel = new Cancellation();
    CountDownLatch begun = new CountDownLatch(1);
    FutureTask<Boolean> pause =
        new FutureTask<>(() -> {
          begun.countDown();
          Pacing.real().pause(Duration.ofHours(1), cancel);
          return true;
        });
    Thread.ofVirtual().start(pause);
    begun.await();

    cancel.cancel();

    assertThat(pause.get(20, TimeUnit.SECONDS)).isTrue();
  }
}
