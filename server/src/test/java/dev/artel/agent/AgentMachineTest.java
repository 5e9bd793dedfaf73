package dev.artel.agent;

import static dev.artel.protocol.AgentStatus.BUSY;
import static dev.artel.protocol.AgentStatus.ERROR;
import static dev.artel.protocol.AgentStatus.READY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.acceptance.Accepts;
import dev.artel.agent.AgentMachine.Happening;
import dev.artel.agent.AgentMachine.Standing;
import dev.artel.agent.AgentMachine.Step;
import dev.artel.protocol.AgentStatus;
import dev.artel.protocol.StatusReason;
import dev.artel.testing.Golden;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AgentMachineTest {
  private static final Map<String, Happening> KINDS = kinds();

  private final TreeSet<String> taken = new TreeSet<>();

  private static Map<String, Happening> kinds() {
    var kinds = new LinkedHashMap<String, Happening>();
    kinds.put("a task starts", new Happening.Started());
    kinds.put("a task stops, others run", new Happening.Stopped(true, false));
    kinds.put("the last task stops", new Happening.Stopped(false, false));
    kinds.put("a task completes, others run", new Happening.Stopped(true, true));
    kinds.put("the last task completes", new Happening.Stopped(false, true));
    kinds.put("a critical failure", new Happening.Broke("refused"));
    kinds.put("a check fails", new Happening.Unhealthy("gone"));
    kinds.put("an attempt fails", new Happening.TriedInVain("still gone"));
    kinds.put("an attempt works", new Happening.Recovered());
    return kinds;
  }

  private static String transition(AgentStatus from, String kind, AgentStatus to) {
    return "%s --> %s: %s".formatted(from.word(), to.word(), kind);
  }

  private Step take(AgentStatus status, int failures, String kind) {
    Step step =
        AgentMachine.apply(new Standing(status, failures), Objects.requireNonNull(KINDS.get(kind)));
    taken.add(transition(status, kind, step.next().status()));
    return step;
  }

  private static Step stays(AgentStatus status, int failures) {
    return new Step(new Standing(status, failures), null, null, null);
  }

  private static Step turns(AgentStatus status, int failures, StatusReason reason) {
    return new Step(new Standing(status, failures), reason, null, null);
  }

  @Test
  @Accepts("S7.5")
  void an_agent_is_busy_from_its_first_task_to_its_last() {
    assertThat(take(READY, 2, "a task starts")).isEqualTo(turns(BUSY, 2, StatusReason.TASK));
    assertThat(take(BUSY, 2, "a task starts")).isEqualTo(stays(BUSY, 2));
    assertThat(take(BUSY, 2, "a task stops, others run")).isEqualTo(stays(BUSY, 2));
    assertThat(take(BUSY, 2, "the last task stops")).isEqualTo(turns(READY, 2, StatusReason.TASK));
    assertThat(take(READY, 2, "the last task stops")).isEqualTo(stays(READY, 2));
    assertThat(take(READY, 2, "a task stops, others run")).isEqualTo(stays(READY, 2));
  }

  @Test
  void a_completed_task_lets_failures_be_forgotten() {
    assertThat(take(BUSY, 2, "a task completes, others run")).isEqualTo(stays(BUSY, 0));
    assertThat(take(BUSY, 2, "the last task completes"))
        .isEqualTo(turns(READY, 0, StatusReason.TASK));
    assertThat(take(READY, 2, "the last task completes")).isEqualTo(stays(READY, 0));
    assertThat(take(READY, 2, "a task completes, others run")).isEqualTo(stays(READY, 0));
    assertThat(take(ERROR, 2, "the last task completes")).isEqualTo(stays(ERROR, 0));
    assertThat(take(ERROR, 2, "a task completes, others run")).isEqualTo(stays(ERROR, 0));
  }

  @Test
  void what_fails_every_task_makes_an_error_that_waits_longer_each_time() {
    assertThat(take(BUSY, 0, "a critical failure"))
        .isEqualTo(
            new Step(
                new Standing(ERROR, 1), StatusReason.FAILURE, "refused", Duration.ofSeconds(60)));
    assertThat(take(READY, 1, "a critical failure"))
        .isEqualTo(
            new Step(
                new Standing(ERROR, 2), StatusReason.FAILURE, "refused", Duration.ofSeconds(120)));
    assertThat(take(READY, 0, "a check fails"))
        .isEqualTo(
            new Step(new Standing(ERROR, 1), StatusReason.HEALTH, "gone", Duration.ofSeconds(60)));
    assertThat(take(BUSY, 0, "a check fails"))
        .isEqualTo(
            new Step(new Standing(ERROR, 1), StatusReason.HEALTH, "gone", Duration.ofSeconds(60)));
    assertThat(IntStream.rangeClosed(1, 7).mapToObj(AgentMachine::recoveryAfter))
        .containsExactly(
            Duration.ofMinutes(1),
            Duration.ofMinutes(2),
            Duration.ofMinutes(4),
            Duration.ofMinutes(8),
            Duration.ofMinutes(15),
            Duration.ofMinutes(15),
            Duration.ofMinutes(15));
    assertThat(AgentMachine.recoveryAfter(Integer.MAX_VALUE)).isEqualTo(Duration.ofMinutes(15));
  }

  @Test
  void in_error_work_changes_nothing_and_the_first_cause_stands() {
    assertThat(take(ERROR, 1, "a task starts")).isEqualTo(stays(ERROR, 1));
    assertThat(take(ERROR, 1, "the last task stops")).isEqualTo(stays(ERROR, 1));
    assertThat(take(ERROR, 1, "a task stops, others run")).isEqualTo(stays(ERROR, 1));
    assertThat(take(ERROR, 1, "a critical failure")).isEqualTo(stays(ERROR, 1));
    assertThat(take(ERROR, 1, "a check fails")).isEqualTo(stays(ERROR, 1));
  }

  @Test
  void an_attempt_ends_the_error_or_lengthens_it() {
    assertThat(take(ERROR, 1, "an attempt works"))
        .isEqualTo(turns(READY, 1, StatusReason.RECOVERY));
    assertThat(take(ERROR, 1, "an attempt fails"))
        .isEqualTo(new Step(new Standing(ERROR, 2), null, "still gone", Duration.ofSeconds(120)));
    assertThat(take(READY, 1, "an attempt works")).isEqualTo(stays(READY, 1));
    assertThat(take(READY, 1, "an attempt fails")).isEqualTo(stays(READY, 1));
    assertThat(take(BUSY, 1, "an attempt works")).isEqualTo(stays(BUSY, 1));
    assertThat(take(BUSY, 1, "an attempt fails")).isEqualTo(stays(BUSY, 1));
  }

  @AfterAll
  void every_transition_was_taken_and_is_drawn() {
    var all = new TreeSet<String>();
    var drawn = new StringBuilder();
    for (AgentStatus from : AgentStatus.values()) {
      KINDS.forEach((kind, happening) -> {
        Step step = AgentMachine.apply(new Standing(from, 1), happening);
        String transition = transition(from, kind, step.next().status());
        all.add(transition);
        if (step.reason() != null) {
          drawn
              .append("  ")
              .append(transition)
              .append(" (")
              .append(step.reason().word())
              .append(")\n");
        }
      });
    }
    assertThat(taken).isEqualTo(all);
    Golden.check(
        "docs/generated/agent-machine.md",
        """
        # Agent

        Written by `AgentMachineTest` from `AgentMachine`. What is not drawn changes no status. In brackets: the reason that the event tells.

        ```mermaid
        stateDiagram-v2
          [*] --> ready
        %s  ready --> [*]: deleted
          busy --> [*]: deleted
          error --> [*]: deleted
        ```
        """
            .formatted(drawn));
  }
}
