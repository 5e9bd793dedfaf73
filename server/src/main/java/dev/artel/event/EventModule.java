package dev.artel.event;

import dev.artel.base.Ids;
import dev.artel.db.Db;
import dev.artel.http.Draining;
import dev.artel.http.MeSource;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Builds the log and the streams that follow it.
@Configuration(proxyBeanMethods = false)
class EventModule {
  @Bean
  EventStore eventStore() {
    return new EventStore();
  }

  @Bean(destroyMethod = "close")
  Hub hub(Db db, EventStore store, StreamLimits limits) {
    var hub = new Hub(db, store, limits);
    hub.start(true);
    return hub;
  }

  @Bean
  Publication publication(Db db, EventStore store, Hub hub, MeterRegistry registry, Clock clock) {
    return new Publication(db, store, hub::publish, new OutboxMeters(registry, clock));
  }

  @Bean(initMethod = "start", destroyMethod = "close")
  Upkeep upkeep(Db db, Publication publication, EventRetention retention) {
    return new Upkeep(publication, new Retention(db, retention));
  }

  @Bean
  EventLog eventLog(Ids ids, Publication publication) {
    return new EventLog(ids, publication);
  }

  @Bean(destroyMethod = "close")
  Streams streams(
      Db db,
      EventStore store,
      Hub hub,
      StreamLimits limits,
      MeterRegistry registry,
      Clock clock,
      ObjectProvider<Opening> openings,
      Draining draining) {
    var meters = new StreamMeters(registry);
    var streams =
        new Streams(db, store, hub, limits, meters, clock, () -> openings.orderedStream().toList());
    draining.onBegin(streams::drain);
    return streams;
  }

  @Bean
  MeSource streamLimitsOfMe(StreamLimits limits) {
    return MeSource.limits(
        Map.of(
            "streams_per_user", limits.connectionsPerUser(),
            "streams_per_session", limits.connectionsPerSession()));
  }

  @Bean
  Follow follow(Streams streams) {
    return new Follow(streams);
  }
}
