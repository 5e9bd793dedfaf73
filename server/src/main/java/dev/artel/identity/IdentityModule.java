package dev.artel.identity;

import dev.artel.base.Ids;
import dev.artel.db.Db;
import dev.artel.http.EdgeOrder;
import dev.artel.http.MeSource;
import dev.artel.http.RevocationListener;
import dev.artel.http.Violations;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
  private final CallerGuard guard = new CallerGuard();
  private final ObjectProvider<Violations> violations;

  IdentityModule(ObjectProvider<Violations> violations) {
    this.violations = violations;
  }

  @Bean
  Violations violations(MeterRegistry meters) {
    return new Violations(meters);
  }

  @Bean
  Keys keys(IdentitySettings settings, Clock clock) {
    URI jwksUrl = settings.jwksUrl();
    return jwksUrl == null
        ? SharedSecrets.of(DeveloperTokens.secrets(settings))
        : new Jwks(jwksUrl, clock);
  }

  @Bean(initMethod = "start", destroyMethod = "close")
  Revocations revocations(Db db, ObjectProvider<RevocationListener> listeners) {
    return new Revocations(db, () -> listeners.stream().toList());
  }

  @Bean
  Identity identity(
      Db db,
      Ids ids,
      Revocations revocations,
      IdentitySettings settings,
      ObjectProvider<SignIn> signIn) {
    return new Identity(db, ids, revocations, settings, signIn.getIfAvailable());
  }

  /// Null where another issuer signs tokens.
  @Bean
  @Nullable SignIn signIn(Db db, Ids ids, IdentitySettings settings, Clock clock) {
    return settings.signs()
        ? new SignIn(
            db, ids, new TokenMint(DeveloperTokens.secrets(settings).getFirst(), settings, clock))
        : null;
  }

  @Bean
  AuthRoutes authRoutes(IdentitySettings settings, ObjectProvider<SignIn> signIn) {
    return new AuthRoutes(settings, new OwnOrigin(settings.local()), signIn.getIfAvailable());
  }

  @Bean
  AdminRoutes adminRoutes(Identity identity) {
    return new AdminRoutes(identity);
  }

  @Bean
  MeRoutes meRoutes(IdentitySettings settings, ObjectProvider<MeSource> sources) {
    return new MeRoutes(settings, () -> sources.stream().toList());
  }

  @Bean
  FilterRegistrationBean<BearerFilter> bearerFilter(
      Keys keys, IdentitySettings settings, Revocations revocations, Db db, Clock clock) {
    var admission =
        new Admission(
            new TokenCheck(keys, settings, clock), revocations, db, settings.clockSkew(), clock);
    var filter = new FilterRegistrationBean<>(new BearerFilter(admission));
    filter.setOrder(EdgeOrder.IDENTITY);
    return filter;
  }

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(guard);
    registry.addInterceptor(new BreachWatch(violations.getObject()));
  }

  @Override
  public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
    resolvers.add(guard);
  }
}
