package dev.artel.event;

import dev.artel.base.Ids;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Builds the log and the streams that follow it.
@Configuration(proxyBeanMethods = false)
class EventModule {
  @Bean
  EventLog eventLog(Ids ids) {
    return new EventLog(ids, (_, _, _) -> {});
  }
}
