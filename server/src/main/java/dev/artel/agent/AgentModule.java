package dev.artel.agent;

import dev.artel.base.Ids;
import dev.artel.bus.Bus;
import dev.artel.db.Db;
import dev.artel.event.EventLog;
import dev.artel.http.Rebuild;
import dev.artel.llm.Models;
import dev.artel.project.Furnishing;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.UserId;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;

/// Builds agents, and gives new projects theirs.
@Configuration(proxyBeanMethods = false)
class AgentModule {
  @Bean
  Agents agents(Db db, Ids ids, EventLog events, Bus bus, ObjectProvider<Models> models) {
    Agents agents =
        Agents.create(
            db,
            ids,
            events,
            bus,
            url -> allows(models.getIfAvailable(), url),
            () -> lacksModel(models.getIfAvailable()));
    bus.onEnd(agents.standings());
    return agents;
  }

  /// Without any provider the question needs no look at one.
  private static boolean lacksModel(@Nullable Models models) {
    return models != null && models.isEmpty();
  }

  @Bean(initMethod = "start", destroyMethod = "close")
  Watch agentWatch(Db db, Bus bus, Models models, Agents agents, MeterRegistry meters) {
    return new Watch(db, new Checkup(db, bus, models), agents.standings(), meters);
  }

  @Bean(initMethod = "start", destroyMethod = "close")
  Freshness agentFreshness(Db db, Agents agents, MeterRegistry meters) {
    ConfigCache cache = agents.cache();
    FunctionCounter.builder("agent_config_cache_hits", cache, ConfigCache::hits)
        .description("configurations that a task got without a query")
        .register(meters);
    FunctionCounter.builder("agent_config_cache_misses", cache, ConfigCache::misses)
        .description("configurations that a task got by a query")
        .register(meters);
    return new Freshness(db, cache);
  }

  @Bean
  Teams teams(Db db, Agents agents, Bus bus) {
    return new Teams(db, agents, bus);
  }

  @Bean
  AgentReports agentReports(Db db, Agents agents, Bus bus) {
    return new AgentReports(db, agents, bus);
  }

  @Bean
  StatusRoutes agentStatusRoutes(AgentReports reports) {
    return new StatusRoutes(reports);
  }

  private static boolean allows(@Nullable Models models, String url) {
    try {
      return models != null && models.allowsBaseUrl(URI.create(url));
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  @Bean
  AgentView agentView(Db db, Bus bus) {
    return new AgentView(db, bus);
  }

  @Bean
  Furnishing agentFurnishing(Agents agents, AgentView view, Bus bus) {
    return new AgentFurnishing(agents, view, bus);
  }

  @Bean
  Rebuild rebuildAgent(Agents agents, AgentView view) {
    return new AgentRebuild(Agents.RESOURCE, HttpStatus.CREATED, agents, view);
  }

  @Bean
  Rebuild rebuildRestoredAgent(Agents agents, AgentView view) {
    return new AgentRebuild(Agents.RESTORED, HttpStatus.OK, agents, view);
  }

  /// The agent as it is now, for who asks again for what they did.
  private record AgentRebuild(String resourceType, HttpStatus status, Agents agents, AgentView view)
      implements Rebuild {
    @Override
    public ResponseEntity<?> answer(UserId user, UUID resource) {
      return ResponseEntity.status(status).body(view.of(agents.get(user, new AgentId(resource))));
    }
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
