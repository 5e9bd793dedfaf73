package dev.artel.space;

import dev.artel.bus.Bus;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Builds the way to a project's team.
@Configuration(proxyBeanMethods = false)
class SpaceModule {
  @Bean
  Spaces spaces(Bus bus) {
    return new Spaces(bus);
  }
}
