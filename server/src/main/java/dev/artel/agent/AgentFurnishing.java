package dev.artel.agent;

import dev.artel.bus.Bus;
import dev.artel.db.Tx;
import dev.artel.project.Furnishing;
import dev.artel.project.StarterPack;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.UserId;
import java.util.List;

/// Gives a new project its team.
final class AgentFurnishing implements Furnishing {
  private final Agents agents;
  private final AgentView view;
  private final Bus bus;

  AgentFurnishing(Agents agents, AgentView view, Bus bus) {
    this.agents = agents;
    this.bus = bus;
    this.view = view;
  }

  @Override
  public void furnish(Tx tx, UserId user, ProjectId project, StarterPack pack) {
    Recruits recruits = agents.recruits();
    for (StarterTeams.Member member : StarterTeams.of(pack)) {
      recruits.take(tx, user, project, recruits.nextId(), member.name(), member.config());
    }
  }

  @Override
  public List<?> team(Tx tx, UserId user, ProjectId project) {
    return view.of(tx, user, project, agents.all(tx, user, project));
  }

  @Override
  public void removing(Tx tx, UserId user, ProjectId project) {
    agents.forget(tx, user, project);
    bus.forgetProject(tx, user, project);
  }
}
