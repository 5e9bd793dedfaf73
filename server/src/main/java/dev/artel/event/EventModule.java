package dev.artel.event;

import dev.artel.base.Ids;
import dev.artel.db.Db;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Builds the log and the streams that follow it.
@Configuration(proxyBeanMethods = false)
class EventModule {
  @Bean
  StreamMeters streamMeters(MeterRegistry registry) {
    return new StreamMeters(registry);
  }

  @Bean
  EventStore eventStore() {
    return new EventStore();
  }

  @Bean(destroyMethod = "close")
  Hub hub(Db db, EventStore store, StreamLimits limits, StreamMeters meters) {
    var hub = new Hub(db, store, limits, meters);
    hub.start(true);
    return hub;
  }

  @Bean
  EventLog eventLog(Ids ids, Db db, Hub hub, StreamMeters meters) {
    return new EventLog(ids, new Publication(db, hub::publish, meters));
  }

  @Bean(destroyMethod = "close")
  Streams streams(
      Db db,
      EventStore store,
      Hub hub,
      StreamLimits limits,
      StreamMeters meters,
      Clock clock,
      List<Opening> openings) {
    return new Streams(db, store, hub, limits, meters, clock, openings);
  }
}
