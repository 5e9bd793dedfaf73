package dev.artel.bench;

import java.util.Map;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// A Spring Boot application with one route and nothing else. One class file: it is packed into a
/// jar of its own, beside the libraries of such an application alone.
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@RestController
public class BareBoot {
  /// @param arguments the port; a second one ends the application as soon as it serves
  public static void main(String[] arguments) {
    var application = new SpringApplication(BareBoot.class);
    application.setBannerMode(Banner.Mode.OFF);
    application.setDefaultProperties(
        Map.of(
            "server.address",
            "127.0.0.1",
            "server.port",
            arguments[0],
            "spring.threads.virtual.enabled",
            true));
    application.run();
    if (arguments.length > 1) {
      System.exit(0);
    }
  }

  @GetMapping("/health")
  Map<String, String> health() {
    return Map.of("status", "healthy");
  }
}
