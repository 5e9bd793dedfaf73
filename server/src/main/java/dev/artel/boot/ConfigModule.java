package dev.artel.boot;

import dev.artel.base.Ids;
import dev.artel.db.DbSettings;
import dev.artel.db.EmbeddedDatabase;
import dev.artel.event.StreamLimits;
import dev.artel.http.HttpSettings;
import dev.artel.ops.OpsSettings;
import dev.artel.protocol.WireCodec;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import tools.jackson.databind.json.JsonMapper;

/// Hands each module the values it needs, and nothing more of the configuration.
@Configuration(proxyBeanMethods = false)
class ConfigModule {
  @Bean
  JsonMapper jsonMapper() {
    return WireCodec.json();
  }

  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }

  @Bean
  Ids ids() {
    return Ids.system();
  }

  @Bean
  PrometheusMeterRegistry meterRegistry() {
    return new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  }

  @Bean
  StreamLimits streamLimits() {
    return StreamLimits.STANDARD;
  }

  @Bean
  HttpSettings httpSettings(Config config) {
    boolean local = config.mode() == Config.Mode.LOCAL;
    return new HttpSettings(
        Artel.version(),
        local,
        Set.of(),
        List.of(),
        HttpSettings.Cors.of(
            local ? List.of() : List.of("http://localhost:3000", "http://localhost:8080")),
        local ? HttpSettings.Rates.LOCAL : HttpSettings.Rates.PRODUCTION,
        HttpSettings.BODY_BYTES_MAX_DEFAULT,
        Duration.ofSeconds(25),
        local ? Duration.ZERO : Duration.ofSeconds(3));
  }

  @Bean
  OpsSettings opsSettings(Config config) {
    boolean local = config.mode() == Config.Mode.LOCAL;
    return new OpsSettings(
        Artel.version(), local, local ? null : new InetSocketAddress(config.host(), 9091));
  }

  /// Only where no external database is configured; stopped after everything that uses it.
  @Bean(destroyMethod = "close")
  @Lazy
  EmbeddedDatabase embeddedDatabase(Config config) {
    return EmbeddedDatabase.start(config.home());
  }

  @Bean
  DbSettings dbSettings(Config config, ObjectProvider<EmbeddedDatabase> embedded) {
    DbSettings external = config.database();
    if (external != null) {
      return external;
    }
    EmbeddedDatabase own = embedded.getObject();
    return new DbSettings(
        own.address("artel_app"),
        own.address("artel_owner"),
        own.address("artel_dispatch"),
        10,
        20,
        Duration.ofSeconds(30));
  }
}
