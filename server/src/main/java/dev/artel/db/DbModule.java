package dev.artel.db;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Migrates, then opens the pools.
@Configuration(proxyBeanMethods = false)
class DbModule {
  @Bean(destroyMethod = "close")
  Db db(DbSettings settings) {
    Migrations.apply(settings.owner());
    return Db.open(settings);
  }
}
