package dev.artel.event;

import dev.artel.base.Ids;
import dev.artel.db.Db;
import dev.artel.http.Draining;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
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
      ObjectProvider<Opening> openings,
      Draining draining) {
    var streams =
        new Streams(db, store, hub, limits, meters, clock, () -> openings.orderedStream().toList());
    draining.onBegin(streams::drain);
    return streams;
  }

  @Bean
  Follow follow(Streams streams) {
    return new Follow(streams);
  }
}
