package dev.artel.analytics;

import dev.artel.db.Db;
import dev.artel.event.EventHistory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Builds the views over what happened.
@Configuration(proxyBeanMethods = false)
class AnalyticsModule {
  private static final int RETENTION_DAYS = 90;

  @Bean
  Analytics analytics(Db db, EventHistory history) {
    return Analytics.create(db, history, RETENTION_DAYS);
  }

  @Bean
  AnalyticsRoutes analyticsRoutes(Analytics analytics) {
    return new AnalyticsRoutes(analytics);
  }
}
