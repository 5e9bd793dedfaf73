package dev.artel.ops;

import dev.artel.db.Db;
import dev.artel.http.Draining;
import dev.artel.http.HealthSource;
import dev.artel.http.WorkspaceCensus;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Gathers what the parts tell of themselves.
@Configuration(proxyBeanMethods = false)
class OpsModule {
  @Bean
  PostgresHealth postgresHealth(Db db) {
    return new PostgresHealth(db);
  }

  @Bean
  SchemaHealth schemaHealth(Db db) {
    return new SchemaHealth(db);
  }

  @Bean
  OpsRoutes opsRoutes(
      OpsSettings settings,
      ObjectProvider<HealthSource> sources,
      ObjectProvider<WorkspaceCensus> census,
      Draining draining,
      Db db,
      PrometheusMeterRegistry meters) {
    PoolMeters.bind(db, meters);
    return new OpsRoutes(
        settings,
        new Readiness(sources.orderedStream().toList(), draining),
        () -> {
          WorkspaceCensus known = census.getIfAvailable();
          return known == null ? WorkspaceCensus.Counts.NONE : known.counts();
        },
        meters);
  }

  @Bean(destroyMethod = "close")
  @Nullable ManagementPort managementPort(OpsSettings settings, PrometheusMeterRegistry meters) {
    InetSocketAddress address = settings.management();
    return address == null ? null : ManagementPort.open(address, meters);
  }
}
