package dev.artel.llm;

import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Finds the providers once, at start.
@Configuration(proxyBeanMethods = false)
class LlmModule {
  @Bean(destroyMethod = "close")
  Models models(ModelSettings settings, Surroundings around, Clock clock) {
    return Models.create(settings, around, clock, Pacing.real());
  }
}
