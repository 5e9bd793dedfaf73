package dev.artel.space;

import dev.artel.agent.Teams;
import dev.artel.agent.Teams.Team;
import dev.artel.base.Fault;
import dev.artel.bus.Bus;
import dev.artel.http.ProjectScope;
import dev.artel.project.Projects;

/// The doors that a space composes.
record Doors(Projects projects, Teams teams, Bus bus) {
  /// Asked after the space was entered in the list, so that none outlives its project: either this
  /// finds no project, or the deletion finds the space.
  ///
  /// @throws Fault NOT_FOUND
  Team open(ProjectScope scope) {
    refuseMissing(scope);
    return teams.open(scope.user(), scope.project());
  }

  /// @throws Fault NOT_FOUND
  Team look(ProjectScope scope) {
    refuseMissing(scope);
    return teams.look(scope.user(), scope.project());
  }

  /// @throws Fault NOT_FOUND
  void refuseMissing(ProjectScope scope) {
    if (!projects.exists(scope.user(), scope.project())) {
      throw Fault.notFound("Project not found");
    }
  }
}
