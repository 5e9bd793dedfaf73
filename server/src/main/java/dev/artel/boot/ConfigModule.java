package dev.artel.boot;

import dev.artel.analytics.Summary;
import dev.artel.base.Ids;
import dev.artel.bus.BusLimits;
import dev.artel.db.DbSettings;
import dev.artel.db.EmbeddedDatabase;
import dev.artel.event.EventRetention;
import dev.artel.event.StreamLimits;
import dev.artel.http.HttpSettings;
import dev.artel.http.Network;
import dev.artel.identity.IdentitySettings;
import dev.artel.llm.ModelSettings;
import dev.artel.llm.Surroundings;
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
  /// Time for a load balancer to see that `/ready` turned false.
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
  StreamLimits streamLimits(Config config) {
    Config.Streams streams = config.streams();
    return new StreamLimits(
        streams.heartbeat(),
        streams.perUserMax(),
        StreamLimits.STANDARD.connectionsPerSession(),
        StreamLimits.STANDARD.undrained(),
        streams.ageMax(),
        streams.bufferEvents(),
        streams.bufferLife(),
        StreamLimits.STANDARD.lagLines(),
        StreamLimits.STANDARD.lagBytes());
  }

  @Bean
  EventRetention eventRetention(Config config) {
    return new EventRetention(config.streams().retentionDays());
  }

  @Bean
  Summary.Retention reportedRetention(Config config) {
    return new Summary.Retention(config.streams().retentionDays());
  }

  @Bean
  BusLimits busLimits(Config config) {
    return new BusLimits(
        config.agents().queueMax(),
        BusLimits.STANDARD.runningPerNode(),
        config.agents().taskTimeout(),
        BusLimits.STANDARD.lease(),
        BusLimits.STANDARD.attemptsMax());
  }

  @Bean
  ModelSettings modelSettings(Config config) {
    return config.models().settings();
  }

  @Bean
  Surroundings surroundings(Config config) {
    return config.models().around();
  }

  @Bean
  IdentitySettings identitySettings(Config config) {
    return config.identity();
  }

  @Bean
  HttpSettings httpSettings(Config config) {
    Config.Service service = config.service();
    Config.Limits limits = config.limits();
    Config.Cors cors = config.cors();
    HttpSettings.Rates standard =
        service.local() ? HttpSettings.Rates.LOCAL : HttpSettings.Rates.PRODUCTION;
    return new HttpSettings(
        Artel.version(),
        service.local(),
        Set.copyOf(service.allowedHosts()),
        service.trustedProxies().stream().map(Network::parse).toList(),
        new HttpSettings.Cors(cors.origins(), cors.credentials(), cors.methods(), cors.headers()),
        new HttpSettings.Rates(
            limits.perMinute(), limits.burst(), standard.anonymous(), standard.auth()),
        HttpSettings.BODY_BYTES_MAX_DEFAULT,
        config.agents().messageWait(),
        service.local() ? Duration.ZERO : DRAIN_DELAY);
  }

  @Bean
  OpsSettings opsSettings(Config config) {
    Config.Service service = config.service();
    return new OpsSettings(
        Artel.version(),
        service.local() && config.metrics().enabled(),
        service.local() || !config.metrics().enabled()
            ? null
            : new InetSocketAddress(service.host(), config.metrics().port()));
  }

  /// Only where no external database is configured; stopped after everything that uses it.
  @Bean(destroyMethod = "close")
  @Lazy
  EmbeddedDatabase embeddedDatabase(Config config) {
    return EmbeddedDatabase.start(config.service().home());
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
