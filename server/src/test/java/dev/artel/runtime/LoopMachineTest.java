package dev.artel.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.bus.Backoff;
import dev.artel.bus.StopSignal;
import dev.artel.protocol.FinishReason;
import dev.artel.protocol.StepKind;
import dev.artel.protocol.StepStatus;
import dev.artel.protocol.Usage;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

final class LoopMachineTest {
  private static final RunLimits LIMITS = new RunLimits(3, 100);
  private static final Said SILENT = said("");
  private static final Said HALF = said("half");

  /// Always the lowest number: no jitter.
  private static final RandomGenerator DICE = () -> 0;

  private final LoopMachine machine =
      new LoopMachine(
          LIMITS,
          new Backoff(2, Duration.ofMillis(500), Duration.ofSeconds(8), Duration.ofSeconds(60)));

  private static Said said(String text) {
    return new Said(
        text,
        "",
        "openai",
        "test-model",
        false,
        new Usage(1, 5, 2, 0, BigDecimal.ONE),
        false,
        7L,
        9);
  }

  private static Past.Row row(
      int attempt, StepStatus status, long tokens, @Nullable StepOutcome outcome) {
    return new Past.Row(
        1,
        attempt,
        StepKind.MODEL,
        "openai/test-model",
        status,
        tokens,
        false,
        outcome == null ? null : JournalJson.output(outcome));
  }

  private static StepOutcome.Broken temporary(@Nullable Duration retryAfter) {
    return new StepOutcome.Broken(SILENT, "Busy.", "rate_limit", true, retryAfter);
  }

  @Test
  void a_first_run_asks_the_model() {
    assertThat(machine.first(new Past(List.of()))).isEqualTo(new Next.CallModel(1));
  }

  @Test
  void an_answer_that_was_completed_is_not_asked_for_again() {
    var answered = new StepOutcome.Answered(said("all"), FinishReason.LENGTH);
    var past =
        new Past(
            List.of(
                row(1, StepStatus.FAILED, 0, temporary(null)),
                row(2, StepStatus.COMPLETED, 1000, answered)));

    assertThat(machine.first(past)).isEqualTo(new Next.Finish(answered));
  }

  static Stream<Arguments> interrupted() {
    return Stream.of(
        Arguments.of("a crash", row(1, StepStatus.RUNNING, 0, null)),
        Arguments.of("a shutdown", row(1, StepStatus.FAILED, 7, new StepOutcome.Cut(HALF))),
        Arguments.of("an error", row(1, StepStatus.FAILED, 0, temporary(null))));
  }

  @ParameterizedTest
  @MethodSource("interrupted")
  void a_step_that_did_not_complete_is_run_again(String by, Past.Row row) {
    assertThat(machine.first(new Past(List.of(row)))).as(by).isEqualTo(new Next.CallModel(1));
  }

  @Test
  void no_call_begins_beyond_the_limit_of_calls() {
    var rows = new ArrayList<Past.Row>();
    for (int attempt = 1; attempt <= 3; attempt++) {
      assertThat(machine.first(new Past(rows))).isEqualTo(new Next.CallModel(1));
      rows.add(row(attempt, StepStatus.FAILED, 0, temporary(null)));
    }

    assertThat(machine.first(new Past(rows)))
        .isEqualTo(new Next.Exhausted(RunLimits.Limit.MODEL_CALLS, null));
  }

  @Test
  void no_call_begins_beyond_the_limit_of_tokens_and_what_was_said_is_kept() {
    Past.Row shortOfIt = row(1, StepStatus.FAILED, 99, new StepOutcome.Cut(HALF));
    assertThat(machine.first(new Past(List.of(shortOfIt)))).isEqualTo(new Next.CallModel(1));

    Past.Row more = row(2, StepStatus.FAILED, 1, new StepOutcome.Cut(SILENT));
    assertThat(machine.first(new Past(List.of(shortOfIt, more))))
        .isEqualTo(new Next.Exhausted(RunLimits.Limit.TOKENS, HALF));
  }

  @Test
  void an_answer_ends_the_run_whatever_was_asked_meanwhile() {
    var answered = new StepOutcome.Answered(said("all"), FinishReason.STOP);

    assertThat(machine.after(answered, null, 0, DICE)).isEqualTo(new Next.Finish(answered));
    for (StopSignal.Reason stop : StopSignal.Reason.values()) {
      assertThat(machine.after(answered, stop, 0, DICE)).isEqualTo(new Next.Finish(answered));
    }
  }

  static Stream<StepOutcome> stopped() {
    return Stream.of(new StepOutcome.Cut(HALF), temporary(Duration.ofSeconds(1)));
  }

  @ParameterizedTest
  @MethodSource("stopped")
  void what_was_stopped_ends_as_the_stop_says(StepOutcome outcome) {
    assertThat(machine.after(outcome, StopSignal.Reason.USER, 0, DICE))
        .isEqualTo(new Next.Cancel(outcome));
    assertThat(machine.after(outcome, StopSignal.Reason.TIMEOUT, 0, DICE))
        .isEqualTo(new Next.TimeUp(outcome));
    assertThat(machine.after(outcome, StopSignal.Reason.SHUTDOWN, 0, DICE))
        .isEqualTo(new Next.HandBack(outcome));
    assertThat(machine.after(outcome, StopSignal.Reason.GONE, 0, DICE)).isEqualTo(new Next.Drop());
  }

  @Test
  void a_call_that_was_cut_for_no_known_reason_counts_as_stopped_by_the_user() {
    var cut = new StepOutcome.Cut(HALF);
    assertThat(machine.after(cut, null, 0, DICE)).isEqualTo(new Next.Cancel(cut));
  }

  @Test
  void a_temporary_error_is_tried_again_with_growing_waits_as_often_as_is_allowed() {
    StepOutcome.Broken broken = temporary(null);

    assertThat(machine.after(broken, null, 0, DICE))
        .isEqualTo(new Next.Retry(broken, Duration.ofMillis(250)));
    assertThat(machine.after(broken, null, 1, DICE))
        .isEqualTo(new Next.Retry(broken, Duration.ofMillis(500)));
    assertThat(machine.after(broken, null, 2, DICE)).isEqualTo(new Next.Fail(broken));
  }

  @Test
  void the_wait_that_a_provider_asks_for_is_kept_unless_it_is_too_long() {
    StepOutcome.Broken soon = temporary(Duration.ofSeconds(7));
    StepOutcome.Broken late = temporary(Duration.ofHours(1));

    assertThat(machine.after(soon, null, 0, DICE))
        .isEqualTo(new Next.Retry(soon, Duration.ofSeconds(7)));
    assertThat(machine.after(late, null, 0, DICE)).isEqualTo(new Next.Fail(late));
  }

  @ParameterizedTest
  @EnumSource(StopSignal.Reason.class)
  void an_error_that_will_not_pass_fails_whatever_was_asked_meanwhile(StopSignal.Reason stop) {
    var broken = new StepOutcome.Broken(HALF, "No.", "authentication", false, null);

    assertThat(machine.after(broken, null, 0, DICE)).isEqualTo(new Next.Fail(broken));
    assertThat(machine.after(broken, stop, 0, DICE)).isEqualTo(new Next.Fail(broken));
  }
}
