package dev.artel.space;

import dev.artel.agent.Teams;
import dev.artel.bus.Bus;
import dev.artel.db.Tx;
import dev.artel.http.ProjectScope;
import dev.artel.project.Furnishing;
import dev.artel.project.Projects;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.UserId;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Builds the live handles of projects, which are opened by use and go with their project.
@Configuration(proxyBeanMethods = false)
class SpaceModule {
  @Bean(destroyMethod = "close")
  Spaces spaces(Projects projects, Teams teams, Bus bus, MeterRegistry meters) {
    var spaces = new Spaces(new Doors(projects, teams, bus));
    Gauge.builder("active_workers", spaces, all -> all.counts().active())
        .description("worker spaces that this process holds")
        .register(meters);
    Gauge.builder("agents_per_project", spaces, Spaces::agentsPerProject)
        .description("agents of a project whose worker space this process holds, on the average")
        .register(meters);
    return spaces;
  }

  @Bean(initMethod = "start", destroyMethod = "close")
  Rounds spaceRounds(Spaces spaces) {
    return new Rounds(spaces);
  }

  @Bean
  Furnishing spaceFurnishing(Spaces spaces) {
    return new Furnishing() {
      @Override
      public void used(ProjectScope scope) {
        Space _ = spaces.of(scope);
      }

      @Override
      public void removing(Tx tx, UserId user, ProjectId project) {
        tx.afterCommit(() -> {
          boolean _ = spaces.remove(user, project);
        });
      }
    };
  }

  @Bean
  SpaceRoutes spaceRoutes(Spaces spaces) {
    return new SpaceRoutes(spaces);
  }

  @Bean
  AdminSpaceRoutes adminSpaceRoutes(Spaces spaces) {
    return new AdminSpaceRoutes(spaces);
  }
}
