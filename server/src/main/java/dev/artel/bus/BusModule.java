package dev.artel.bus;

import dev.artel.base.Ids;
import dev.artel.db.Db;
import dev.artel.event.EventLog;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Builds the bus. It starts when runtime has work to do with it.
@Configuration(proxyBeanMethods = false)
class BusModule {
  @Bean(destroyMethod = "close")
  Bus bus(Db db, EventLog events, Ids ids, BusLimits limits) {
    return Bus.create(db, events, ids, limits);
  }
}
