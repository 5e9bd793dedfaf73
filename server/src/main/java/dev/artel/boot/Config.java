package dev.artel.boot;

import dev.artel.db.DbSettings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The whole configuration, read and checked once at start.
public record Config(Mode mode, Path home, String host, int port, @Nullable DbSettings database) {
  /// Which promises hold: one person on their own machine, or many behind a network.
  public enum Mode {
    LOCAL,
    PRODUCTION
  }

  public static Config of(Map<String, String> environment) {
    return new Config(
        Mode.valueOf(
            environment.getOrDefault("ARTEL_MODE", "local").toUpperCase(java.util.Locale.ROOT)),
        Path.of(
            environment.getOrDefault(
                "ARTEL_HOME", System.getProperty("user.home") + "/.local/share/artel")),
        "127.0.0.1",
        Integer.parseInt(environment.getOrDefault("ARTEL_PORT", "8000")),
        null);
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
