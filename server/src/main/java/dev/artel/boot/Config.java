package dev.artel.boot;

import dev.artel.db.DbSettings;
import dev.artel.identity.IdentitySettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The whole configuration, read and checked once at start.
public record Config(
    Mode mode,
    Path home,
    String host,
    int port,
    @Nullable DbSettings database,
    IdentitySettings identity) {
  /// Which promises hold: one person on their own machine, or many behind a network.
  public enum Mode {
    LOCAL,
    PRODUCTION
  }

  public static Config of(Map<String, String> environment) {
    Mode mode =
        Mode.valueOf(
            environment.getOrDefault("ARTEL_MODE", "local").toUpperCase(java.util.Locale.ROOT));
    Path home =
        Path.of(
            environment.getOrDefault(
                "ARTEL_HOME", System.getProperty("user.home") + "/.local/share/artel"));
    return new Config(
        mode,
        home,
        "127.0.0.1",
        Integer.parseInt(environment.getOrDefault("ARTEL_PORT", "8000")),
        null,
        identity(environment, mode, home));
  }

  private static IdentitySettings identity(Map<String, String> environment, Mode mode, Path home) {
    String jwksUrl = environment.get("ARTEL_JWT_JWKS_URL");
    return new IdentitySettings(
        mode == Mode.LOCAL,
        home,
        IdentitySettings.Algorithm.valueOf(
            environment.getOrDefault("ARTEL_JWT_ALGORITHM", "HS256")),
        environment.get("ARTEL_JWT_SECRET_KEY"),
        environment.get("ARTEL_JWT_PREVIOUS_SECRET_KEY"),
        jwksUrl == null ? null : URI.create(jwksUrl),
        environment.get("ARTEL_JWT_ISSUER"),
        environment.get("ARTEL_JWT_AUDIENCE"),
        Boolean.parseBoolean(environment.getOrDefault("ARTEL_JWT_REQUIRE_TYPE", "false")),
        Duration.ofSeconds(
            Integer.parseInt(environment.getOrDefault("ARTEL_JWT_CLOCK_SKEW", "60"))),
        Duration.ofMinutes(
            Integer.parseInt(
                environment.getOrDefault("ARTEL_JWT_ACCESS_TOKEN_EXPIRE_MINUTES", "30"))),
        "0.1.0");
  }

  /// What the framework at the rim must know.
  Map<String, Object> springProperties() {
    var properties = new HashMap<String, Object>();
    properties.put("server.address", host);
    properties.put("server.port", port);
    properties.put("server.shutdown", "graceful");
    properties.put("server.jetty.threads.max", 100_000);
    properties.put("spring.threads.virtual.enabled", true);
    properties.put("spring.main.banner-mode", "off");
    properties.put("spring.mvc.problemdetails.enabled", false);
    properties.put("spring.web.resources.add-mappings", false);
    properties.put("spring.mvc.formcontent.filter.enabled", false);
    properties.put(
        "spring.autoconfigure.exclude",
        "org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration");
    properties.put("spring.jackson.use-jackson2-defaults", false);
    return properties;
  }
}
