package dev.artel.analytics;

import dev.artel.db.Db;
import dev.artel.event.EventHistory;
import dev.artel.http.Rebuild;
import dev.artel.protocol.EventId;
import dev.artel.protocol.UserId;
import java.util.UUID;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.ResponseEntity;

/// Builds the views over what happened.
@Configuration(proxyBeanMethods = false)
class AnalyticsModule {
  @Bean
  Analytics analytics(Db db, EventHistory history, Summary.Retention retention) {
    return Analytics.create(db, history, retention);
  }

  /// The same answer whatever the event's present state: what was asked for has happened.
  @Bean
  Rebuild rebuildReprocessed() {
    return new Rebuild() {
      @Override
      public String resourceType() {
        return Analytics.REPROCESSED;
      }

      @Override
      public ResponseEntity<?> answer(UserId user, UUID event) {
        return ResponseEntity.ok(new AnalyticsRoutes.Reprocessed(new EventId(event), "pending"));
      }
    };
  }

  @Bean
  AnalyticsRoutes analyticsRoutes(Analytics analytics) {
    return new AnalyticsRoutes(analytics);
  }
}
