package dev.artel.boot;

import dev.artel.base.Ids;
import dev.artel.db.DbSettings;
import dev.artel.db.EmbeddedDatabase;
import dev.artel.event.StreamLimits;
import dev.artel.http.HttpSettings;
import dev.artel.http.Network;
import dev.artel.identity.IdentitySettings;
import dev.artel.ops.OpsSettings;
import dev.artel.protocol.WireCodec;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import tools.jackson.databind.json.JsonMapper;

/// Hands each module the values it needs, and nothing more of the configuration.
@Configuration(proxyBeanMethods = false)
class ConfigModule {
  /// As long as a load balancer may take to notice that `/ready` turned false.
  private static final Duration DRAIN_DELAY = Duration.ofSeconds(3);

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
    Config.Service service = config.service();
    Config.Cors cors = config.cors();
    HttpSettings.Rates rates =
        service.local() ? HttpSettings.Rates.LOCAL : HttpSettings.Rates.PRODUCTION;
    return new HttpSettings(
        Artel.version(),
        service.local(),
        Set.copyOf(service.allowedHosts()),
        service.trustedProxies().stream().map(Network::parse).toList(),
        new HttpSettings.Cors(cors.origins(), cors.credentials(), cors.methods(), cors.headers()),
        new HttpSettings.Rates(
            config.limits().perMinute(), config.limits().burst(), rates.anonymous(), rates.auth()),
        HttpSettings.BODY_BYTES_MAX_DEFAULT,
        config.agents().messageWait(),
        service.local() ? Duration.ZERO : DRAIN_DELAY);
  }

  @Bean
  OpsSettings opsSettings(Config config) {
    Config.Service service = config.service();
    boolean apart = !service.local() && config.metrics().enabled();
    return new OpsSettings(
        Artel.version(),
        service.local(),
        apart ? new InetSocketAddress(service.host(), config.metrics().port()) : null);
  }

  /// Only where no external database is configured; stopped after everything that uses it.
  @Bean(destroyMethod = "close")
  @Lazy
  EmbeddedDatabase embeddedDatabase(Config config) {
    return EmbeddedDatabase.start(config.service().home());
  }

  @Bean
  IdentitySettings identitySettings(Config config) {
    return config.identity();
  }

  @Bean
  DbSettings dbSettings(Config config, ObjectProvider<EmbeddedDatabase> embedded) {
    Config.Database database = config.database();
    Config.Database.External external = database.external();
    if (external == null) {
      EmbeddedDatabase own = embedded.getObject();
      external =
          new Config.Database.External(
              own.address("artel_app"), own.address("artel_owner"), own.address("artel_dispatch"));
    }
    return new DbSettings(
        external.app(),
        external.owner(),
        external.dispatch(),
        database.poolSize(),
        database.poolOverflow(),
        database.poolTimeout());
  }
}
