package dev.artel.space;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.agent.Teams.Member;
import dev.artel.agent.Teams.Team;
import dev.artel.bus.QueueLoad;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.AgentStatus;
import dev.artel.space.SpaceHealth.Level;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class SpaceHealthTest {
  private static Member agent(boolean works) {
    return new Member(
        new AgentId(UUID.randomUUID()),
        "Ask",
        works ? AgentStatus.READY : AgentStatus.ERROR,
        works ? "idle" : "error",
        works,
        true,
        new QueueLoad(0, 100, 0, 0));
  }

  private static Team team(Boolean... works) {
    return new Team(List.of(works).stream().map(SpaceHealthTest::agent).toList(), 0, Instant.EPOCH);
  }

  @Test
  void a_project_is_as_well_as_its_agents() {
    assertThat(SpaceHealth.of(team(), true, false))
        .as("without agents nothing fails")
        .isEqualTo(new SpaceHealth(Level.HEALTHY, List.of()));
    assertThat(SpaceHealth.of(team(true, true), true, false))
        .isEqualTo(new SpaceHealth(Level.HEALTHY, List.of()));
    assertThat(SpaceHealth.of(team(true, false), true, false))
        .isEqualTo(new SpaceHealth(Level.DEGRADED, List.of("1 of 2 agents are in error.")));
    assertThat(SpaceHealth.of(team(false), true, false))
        .isEqualTo(new SpaceHealth(Level.UNHEALTHY, List.of("1 of 1 agents are in error.")));
  }

  @Test
  void without_workers_or_rows_nobody_is_well() {
    assertThat(SpaceHealth.of(team(), true, true))
        .isEqualTo(
            new SpaceHealth(Level.UNHEALTHY, List.of("The workers of this process have stopped.")));
    assertThat(SpaceHealth.of(team(true), false, false))
        .isEqualTo(new SpaceHealth(Level.UNHEALTHY, List.of("The project could not be read.")));
  }
}
