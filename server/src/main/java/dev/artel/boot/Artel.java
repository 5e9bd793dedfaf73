package dev.artel.boot;

import dev.artel.base.CannotStart;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/// The service's entry point.
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(ModuleList.class)
public class Artel {
  private static final Logger log = LoggerFactory.getLogger(Artel.class);

  /// The service refused to start; the reason stands on standard error.
  private static final int EXIT_REFUSED = 2;

  /// Something is broken; the log tells where.
  private static final int EXIT_BROKEN = 1;

  public static void main(String[] arguments) {
    try {
      start(Config.of(System.getenv()));
    } catch (Throwable failure) {
      CannotStart refusal = Refusals.of(failure);
      if (refusal == null) {
        log.error("Artel did not start; report this with the lines below", failure);
      } else {
        refusal.line().lines().forEach(line -> System.err.println("artel: " + line));
      }
      System.exit(refusal == null ? EXIT_BROKEN : EXIT_REFUSED);
    }
  }

  /// The version of this build, or `dev` when it runs unpacked.
  static String version() {
    String version = Artel.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }

  /// Starts the service and blocks until it serves. The data folder is its own until it is closed.
  public static Running start(Config config) {
    DataFolder folder = DataFolder.take(config.service().home());
    try {
      var application = new SpringApplication(Artel.class);
      application.setBannerMode(Banner.Mode.OFF);
      application.setLogStartupInfo(false);
      application.addInitializers(
          context -> context.getBeanFactory().registerSingleton("config", config));
      application.setDefaultProperties(properties(config));
      var context = application.run();
      if (!config.summary().isEmpty()) {
        log.info("settings: {}", config.summary());
      }
      return new Running(context, folder);
    } catch (Throwable failure) {
      folder.close();
      throw failure;
    }
  }

  /// What the framework at the rim must know.
  private static Map<String, Object> properties(Config config) {
    var service = config.service();
    var properties = new HashMap<String, Object>();
    properties.put("spring.application.name", service.name());
    properties.put("server.address", service.host());
    properties.put("server.port", service.port());
    properties.put("server.shutdown", "graceful");
    // Jetty caps requests on virtual threads too, at 200 by default; a stream is a request.
    properties.put("server.jetty.threads.max", 100_000);
    properties.put("spring.threads.virtual.enabled", true);
    properties.put("spring.mvc.problemdetails.enabled", false);
    properties.put("spring.web.resources.add-mappings", false);
    properties.put("spring.mvc.formcontent.filter.enabled", false);
    properties.put(
        "spring.autoconfigure.exclude",
        "org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration");
    properties.put("spring.jackson.use-jackson2-defaults", false);
    properties.put("logging.level.root", "WARN");
    properties.put("logging.level.dev.artel", service.logLevel().name());
    // Warns that the API is documented, which is meant.
    properties.put("logging.level.org.springdoc.core.events", "ERROR");
    // Says in five lines what main says in one.
    properties.put(
        "logging.level.org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext",
        "ERROR");
    return properties;
  }
}
