package dev.artel.agent;

import dev.artel.base.Ids;
import dev.artel.db.Db;
import dev.artel.db.Tx;
import dev.artel.event.EventLog;
import dev.artel.project.Furnishing;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.UserId;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Builds agents, and gives new projects theirs.
@Configuration(proxyBeanMethods = false)
class AgentModule {
  private static final int QUEUE_CAPACITY = 100;

  @Bean
  Agents agents(Db db, Ids ids, EventLog events) {
    return Agents.create(db, ids, events, _ -> false);
  }

  @Bean
  AgentView agentView(Db db) {
    return new AgentView(
        db,
        new AgentLoad() {
          @Override
          public Map<AgentId, Queue> of(Tx tx, UserId user, ProjectId project) {
            return Map.of();
          }

          @Override
          public Queue idle() {
            return new Queue(0, QUEUE_CAPACITY, 0, 0);
          }
        });
  }

  @Bean
  Furnishing agentFurnishing(Agents agents, AgentView view) {
    return new AgentFurnishing(agents, view);
  }

  @Bean
  AgentRoutes agentRoutes(Agents agents, AgentView view) {
    return new AgentRoutes(agents, view);
  }

  @Bean
  VersionRoutes versionRoutes(Agents agents, AgentView view) {
    return new VersionRoutes(agents, view);
  }
}
