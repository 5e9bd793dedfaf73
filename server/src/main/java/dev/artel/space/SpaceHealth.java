package dev.artel.space;

import dev.artel.agent.Teams.Team;
import dev.artel.protocol.Words;
import java.util.ArrayList;
import java.util.List;

/// How a space does, and why it does no better. Without agents it is well: there is nothing that
/// could fail.
///
/// @param issues in words that name nobody
record SpaceHealth(Level level, List<String> issues) {
  enum Level implements Words {
    HEALTHY,
    DEGRADED,
    UNHEALTHY
  }

  SpaceHealth {
    issues = List.copyOf(issues);
  }

  /// @param readable whether the last look at the project succeeded
  /// @param broken whether the workers of this process have stopped
  static SpaceHealth of(Team team, boolean readable, boolean broken) {
    int all = team.members().size();
    int failing = all - team.active();
    var issues = new ArrayList<String>();
    if (!readable) {
      issues.add("The project could not be read.");
    }
    if (broken) {
      issues.add("The workers of this process have stopped.");
    }
    if (failing > 0) {
      issues.add("%d of %d agents are in error.".formatted(failing, all));
    }
    boolean dead = !readable || broken || (failing > 0 && failing == all);
    return new SpaceHealth(
        dead ? Level.UNHEALTHY : failing > 0 ? Level.DEGRADED : Level.HEALTHY, issues);
  }
}
