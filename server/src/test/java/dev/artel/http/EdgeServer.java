package dev.artel.http;

import dev.artel.base.Fault;
import dev.artel.base.Ids;
import dev.artel.db.Db;
import dev.artel.protocol.ErrorCode;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.UserId;
import dev.artel.protocol.WireCodec;
import dev.artel.testing.TestDatabase;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The edge alone around a few routes, on a real Jetty, with a stand-in for identity that believes
/// `Bearer {user id}`.
final class EdgeServer implements AutoCloseable {
  static final HttpSettings.Cors NO_ORIGINS = HttpSettings.Cors.of(List.of());

  private final ConfigurableApplicationContext context;
  private final HttpClient client = HttpClient.newHttpClient();

  private EdgeServer(ConfigurableApplicationContext context) {
    this.context = context;
  }

  static EdgeServer start(HttpSettings settings) {
    var application = new SpringApplication(Parts.class);
    application.addInitializers(
        context -> context.getBeanFactory().registerSingleton("httpSettings", settings));
    var properties = new HashMap<String, Object>();
    properties.put("server.address", "127.0.0.1");
    properties.put("server.port", 0);
    properties.put("server.shutdown", "graceful");
    properties.put("spring.threads.virtual.enabled", true);
    properties.put("spring.main.banner-mode", "off");
    properties.put("spring.web.resources.add-mappings", false);
    properties.put("spring.mvc.formcontent.filter.enabled", false);
    properties.put("springdoc.api-docs.enabled", false);
    properties.put("springdoc.swagger-ui.enabled", false);
    properties.put(
        "spring.autoconfigure.exclude",
        "org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration");
    application.setDefaultProperties(properties);
    return new EdgeServer(application.run());
  }

  static EdgeServer local() {
    return start(local(HttpSettings.Rates.LOCAL));
  }

  static HttpSettings local(HttpSettings.Rates rates) {
    return settings(true, Set.of(), List.of(), NO_ORIGINS, rates);
  }

  static HttpSettings settings(
      boolean local,
      Set<String> allowedHosts,
      List<Network> trustedProxies,
      HttpSettings.Cors cors,
      HttpSettings.Rates rates) {
    return new HttpSettings(
        "test",
        local,
        allowedHosts,
        trustedProxies,
        cors,
        rates,
        HttpSettings.BODY_BYTES_MAX_DEFAULT,
        Duration.ofSeconds(2),
        Duration.ZERO);
  }

  int port() {
    return Objects.requireNonNull(((WebServerApplicationContext) context).getWebServer()).getPort();
  }

  <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path));
  }

  HttpRequest.Builder request(String path, UserId user) {
    return request(path).header("Authorization", "Bearer " + user);
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  static HttpRequest.Builder post(HttpRequest.Builder request, String json) {
    return request
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(json));
  }

  static JsonNode json(HttpResponse<String> response) {
    return WireCodec.json().readTree(response.body());
  }

  /// Sends bytes as they are, and returns whatever comes back until the server closes.
  RawAnswer raw(String head) throws IOException {
    return raw(head, new byte[0]);
  }

  RawAnswer raw(String head, byte[] body) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
      socket.setSoTimeout(20_000);
      var out = socket.getOutputStream();
      out.write(
          head.replace("\n", "\r\n")
              .replace("{host}", "127.0.0.1:" + port())
              .getBytes(StandardCharsets.ISO_8859_1));
      out.write(body);
      out.flush();
      return RawAnswer.parse(
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  /// One answer, in pieces.
  record RawAnswer(int status, Map<String, String> headers, String body) {
    static RawAnswer parse(String text) {
      int end = text.indexOf("\r\n\r\n");
      if (end < 0) {
        throw new AssertionError("no HTTP answer: " + text);
      }
      var lines = List.of(text.substring(0, end).split("\r\n", -1));
      var headers = new HashMap<String, String>();
      for (String line : lines.subList(1, lines.size())) {
        int colon = line.indexOf(':');
        headers.put(
            line.substring(0, colon).toLowerCase(java.util.Locale.ROOT),
            line.substring(colon + 1).strip());
      }
      return new RawAnswer(
          Integer.parseInt(lines.getFirst().split(" ", -1)[1]), headers, text.substring(end + 4));
    }

    JsonNode json() {
      int from = body.indexOf('{');
      return WireCodec.json().readTree(body.substring(from, body.lastIndexOf('}') + 1));
    }
  }

  @Override
  public void close() {
    client.close();
    context.close();
  }

  @SpringBootConfiguration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @Import(HttpModule.class)
  static class Parts {
    @Bean
    Ids ids() {
      return Ids.system();
    }

    @Bean
    PrometheusMeterRegistry meters() {
      return new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    }

    @Bean
    JsonMapper jsonMapper() {
      return WireCodec.json();
    }

    @Bean(destroyMethod = "")
    Db db() {
      return TestDatabase.db();
    }

    @Bean
    ProbeRoutes probeRoutes(Db db) {
      return new ProbeRoutes(db);
    }

    @Bean
    Rebuild projectRebuild(Db db) {
      return new ProbeRoutes.ProjectRebuild(db);
    }

    @Bean
    DefaultProject defaultProject() {
      return user -> new ProjectId(user.value());
    }

    @Bean
    FilterRegistrationBean<Filter> standInIdentity() {
      Filter filter =
          (request, response, chain) -> {
            var http = (HttpServletRequest) request;
            if (http.getRequestURI().startsWith("/my/") && !admitted(http)) {
              // As identity does: what is outside of it must count a refusal that is thrown.
              throw Fault.of(ErrorCode.AUTH_ERROR, "Invalid or expired token");
            }
            if (http.getHeader("X-Fail-Filter") != null) {
              throw new IllegalStateException("secret internals");
            }
            chain.doFilter(request, response);
          };
      var registration = new FilterRegistrationBean<>(filter);
      registration.setOrder(EdgeOrder.IDENTITY);
      return registration;
    }

    private static boolean admitted(HttpServletRequest request) {
      String token = request.getHeader("Authorization");
      if (token == null || !token.matches("Bearer [0-9a-f-]{36}")) {
        return false;
      }
      var user = new UserId(UUID.fromString(token.substring("Bearer ".length())));
      new Caller(user, Set.of(), Set.of(), null, null, Instant.MAX).carriedBy(request);
      return true;
    }
  }
}
