package dev.artel.orchestrator;

import dev.artel.agent.Agents;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Builds the settings of routing and planning.
@Configuration(proxyBeanMethods = false)
class OrchestratorModule {
  @Bean
  Orchestration orchestration(Agents agents) {
    return Orchestration.create(agents);
  }

  @Bean
  SettingsRoutes settingsRoutes(Orchestration orchestration) {
    return new SettingsRoutes(orchestration);
  }
}
