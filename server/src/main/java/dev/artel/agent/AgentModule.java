package dev.artel.agent;

import dev.artel.base.Ids;
import dev.artel.bus.Bus;
import dev.artel.db.Db;
import dev.artel.event.EventLog;
import dev.artel.llm.Models;
import dev.artel.project.Furnishing;
import java.net.URI;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Builds agents, and gives new projects theirs.
@Configuration(proxyBeanMethods = false)
class AgentModule {
  @Bean
  Agents agents(Db db, Ids ids, EventLog events, Models models) {
    return Agents.create(db, ids, events, url -> isAllowed(models, url));
  }

  @Bean
  AgentView agentView(Db db, Bus bus) {
    return new AgentView(db, bus);
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

  private static boolean isAllowed(Models models, String baseUrl) {
    try {
      return models.allowsBaseUrl(URI.create(baseUrl));
    } catch (IllegalArgumentException _) {
      return false;
    }
  }
}
