package dev.artel.http;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.artel.base.Ids;
import dev.artel.db.Db;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.core.Ordered;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.filter.UrlHandlerFilter;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/// Puts the edge around the routes, ring by ring.
@Configuration(proxyBeanMethods = false)
class HttpModule {
  /// A request that is under way this much longer than it may wait counts as crashed.
  private static final Duration LEASE_MARGIN = Duration.ofSeconds(10);

  @Bean
  Draining draining() {
    return new Draining();
  }

  @Bean
  DrainLifecycle drainLifecycle(Draining draining, HttpSettings settings) {
    return new DrainLifecycle(draining, settings.drainDelay());
  }

  @Bean
  ErrorEdge errorEdge(Repeats repeats) {
    return new ErrorEdge(repeats);
  }

  @Bean
  WebServerFactoryCustomizer<JettyServletWebServerFactory> jettyEdge(Ids ids) {
    return new JettyEdge(ids);
  }

  @Bean
  FilterRegistrationBean<Filter> requestEdge(HttpSettings settings, Ids ids, MeterRegistry meters) {
    return at(EdgeOrder.REQUEST, new RequestEdge(settings, ids, meters));
  }

  @Bean
  FilterRegistrationBean<Filter> gate(HttpSettings settings) {
    return at(EdgeOrder.GATE, new Gate(settings));
  }

  @Bean
  RateLimit rateLimit(HttpSettings settings) {
    return new RateLimit(new InProcessWindows(Ticker.systemTicker()), settings.rates());
  }

  @Bean
  FilterRegistrationBean<Filter> limitByAddress(RateLimit rateLimit) {
    return at(EdgeOrder.LIMIT_BY_ADDRESS, ring(rateLimit::byAddress));
  }

  @Bean
  FilterRegistrationBean<Filter> limitByUser(RateLimit rateLimit) {
    return at(EdgeOrder.LIMIT_BY_USER, ring(rateLimit::byUser));
  }

  @Bean
  KeyStore keyStore(Db db, HttpSettings settings, ObjectProvider<Rebuild> rebuilds) {
    return new KeyStore(
        db, settings.waitLimit().plus(LEASE_MARGIN), Repeats.byType(rebuilds).keySet());
  }

  @Bean(initMethod = "start", destroyMethod = "close")
  KeySweep keySweep(KeyStore store) {
    return new KeySweep(store);
  }

  @Bean
  Repeats repeats(
      KeyStore store,
      HttpSettings settings,
      ObjectProvider<Rebuild> rebuilds,
      ObjectProvider<DefaultProject> defaultProject) {
    return new Repeats(
        store, Repeats.byType(rebuilds), defaultProject::getIfAvailable, settings.waitLimit());
  }

  @Bean
  FilterRegistrationBean<Filter> repeatsEdge(Repeats repeats, HttpSettings settings) {
    return at(
        EdgeOrder.REPEATS,
        ring((request, response, chain) ->
            repeats.keep(new LimitedBody(request, settings.bodyBytesMax()), response, chain)));
  }

  /// Every path answers alike with and without a trailing slash, never by a redirect.
  @Bean
  FilterRegistrationBean<Filter> trailingSlash() {
    return at(
        Ordered.LOWEST_PRECEDENCE,
        UrlHandlerFilter.trailingSlashHandler("/**").wrapRequest().build());
  }

  @Bean
  MeSource edgeLimitsOfMe(HttpSettings settings) {
    return MeSource.limits(
        Map.of(
            "rate_limit_per_minute", settings.rates().perUser(),
            "rate_limit_burst", settings.rates().burst(),
            "body_bytes", settings.bodyBytesMax(),
            "message_wait_seconds", settings.waitLimit().toSeconds()));
  }

  @Bean
  WebRoutes webRoutes() {
    return new WebRoutes(new WebApp(HttpModule.class.getClassLoader(), "web/"));
  }

  @Bean
  WebMvcConfigurer routesEdge(RateLimit rateLimit, Repeats repeats, HttpSettings settings) {
    return new WebMvcConfigurer() {
      @Override
      public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new HandlerEdge(rateLimit, repeats, settings.bodyBytesMax()));
      }

      @Override
      public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        Map.<Class<?>, Function<HttpServletRequest, Object>>of(
                Paging.class, Paging::of,
                Idempotency.class, Repeats::of,
                IfMatch.class, request -> IfMatch.of(request.getHeader("If-Match")))
            .forEach((type, value) -> resolvers.add(new FromRequest(type, value)));
      }
    };
  }

  private static FilterRegistrationBean<Filter> at(int order, Filter filter) {
    var registration = new FilterRegistrationBean<>(filter);
    registration.setOrder(order);
    return registration;
  }

  /// A filter in its HTTP form.
  private interface Ring {
    void pass(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
        throws IOException, ServletException;
  }

  private static Filter ring(Ring ring) {
    return (request, response, chain) ->
        ring.pass((HttpServletRequest) request, (HttpServletResponse) response, chain);
  }

  /// An argument that is read off the request.
  private record FromRequest(Class<?> type, Function<HttpServletRequest, Object> value)
      implements HandlerMethodArgumentResolver {
    @Override
    public boolean supportsParameter(MethodParameter parameter) {
      return parameter.getParameterType() == type;
    }

    @Override
    public @Nullable Object resolveArgument(
        MethodParameter parameter,
        @Nullable ModelAndViewContainer container,
        NativeWebRequest request,
        @Nullable WebDataBinderFactory binder) {
      HttpServletRequest http = request.getNativeRequest(HttpServletRequest.class);
      return http == null ? null : value.apply(http);
    }
  }
}
