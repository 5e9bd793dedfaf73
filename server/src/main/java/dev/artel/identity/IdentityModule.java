package dev.artel.identity;

import dev.artel.base.Ids;
import dev.artel.db.Db;
import dev.artel.http.RevocationListener;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/// Puts the bearer filter before everything that is protected.
@Configuration(proxyBeanMethods = false)
class IdentityModule implements WebMvcConfigurer {
  /// After the filters that every request passes (ids, logging, CORS), before those that know the
  /// caller.
  private static final int FILTER_ORDER = 0;

  private final CallerGuard guard = new CallerGuard();

  @Bean
  Keys keys(IdentitySettings settings, Clock clock) {
    return switch (settings.algorithm()) {
      case HS256 -> SharedSecrets.of(DeveloperTokens.secrets(settings));
      case RS256 -> new Jwks(Objects.requireNonNull(settings.jwksUrl()), clock);
    };
  }

  @Bean(initMethod = "start", destroyMethod = "close")
  Revocations revocations(Db db, ObjectProvider<RevocationListener> listeners) {
    return new Revocations(db, () -> listeners.stream().toList());
  }

  @Bean
  Identity identity(Db db, Ids ids, Revocations revocations) {
    return new Identity(db, ids, revocations);
  }

  @Bean
  FilterRegistrationBean<BearerFilter> bearerFilter(
      Keys keys, IdentitySettings settings, Revocations revocations, Db db, Clock clock) {
    var admission =
        new Admission(
            new TokenCheck(keys, settings, clock), revocations, db, settings.clockSkew(), clock);
    var filter = new FilterRegistrationBean<>(new BearerFilter(admission));
    filter.setOrder(FILTER_ORDER);
    return filter;
  }

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(guard);
  }

  @Override
  public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
    resolvers.add(guard);
  }
}
