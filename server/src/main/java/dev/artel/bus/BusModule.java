package dev.artel.bus;

import dev.artel.base.Ids;
import dev.artel.db.Db;
import dev.artel.event.EventLog;
import dev.artel.http.MeSource;
import dev.artel.http.Rebuild;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Builds the bus. It starts when runtime has work to do with it.
@Configuration(proxyBeanMethods = false)
class BusModule {
  @Bean(destroyMethod = "close")
  Bus bus(
      Db db,
      EventLog events,
      Ids ids,
      BusLimits limits,
      MeterRegistry registry,
      ObjectProvider<Origin> origin) {
    return Bus.create(db, events, ids, limits, registry, origin::getObject);
  }

  @Bean
  Tasks tasks(Db db, Bus bus, Ids ids) {
    return new Tasks(db, bus, ids);
  }

  @Bean
  TaskRoutes taskRoutes(Tasks tasks) {
    return new TaskRoutes(tasks);
  }

  @Bean
  QueueRoutes queueRoutes(Db db, BusLimits limits) {
    return new QueueRoutes(db, limits);
  }

  @Bean
  Rebuild taskRebuild(Tasks tasks) {
    return new RepeatedTask(tasks);
  }

  @Bean
  MeSource busLimitsOfMe(BusLimits limits) {
    return MeSource.limits(
        Map.of(
            "agent_queue", limits.queuePerAgent(),
            "task_seconds", limits.runningTime().toSeconds()));
  }
}
