package dev.artel.boot;

import dev.artel.base.CannotStart;
import dev.artel.identity.Identity;
import dev.artel.llm.Models;
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
  static final int EXIT_REFUSED = 2;

  /// Something is broken; the log tells where.
  private static final int EXIT_BROKEN = 1;

  /// Ends the service as soon as it serves: a run of which the JVM keeps what it learned.
  private static final String REHEARSAL = "artel.rehearsal";

  public static void main(String[] arguments) {
    var ending = new Ending();
    Runtime.getRuntime().addShutdownHook(ending);
    try {
      Config config = Config.of(System.getenv());
      Running running = start(config);
      boolean wanted = ending.started(running);
      if (Boolean.getBoolean(REHEARSAL)) {
        System.exit(0);
      }
      if (wanted && config.service().local()) {
        System.out.println(
            Greeting.of(
                config, running.port(), running.door(Identity.class), running.door(Models.class)));
      }
    } catch (Throwable failure) {
      ending.started(null);
      System.exit(tell(failure));
    }
  }

  private static int tell(Throwable failure) {
    CannotStart refusal = Refusals.of(failure);
    if (refusal == null) {
      log.error("Artel did not start; report this with the lines below", failure);
      return EXIT_BROKEN;
    }
    refusal.line().lines().forEach(line -> System.err.println("artel: " + line));
    return EXIT_REFUSED;
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
      application.setRegisterShutdownHook(false);
      application.addInitializers(
          context -> context.getBeanFactory().registerSingleton("config", config));
      application.setDefaultProperties(properties(config));
      var context = application.run();
      if (!config.summary().isEmpty()) {
        log.info("settings: {}", config.summary());
      }
      var running = new Running(context, folder);
      folder.tell(running.port());
      return running;
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
    // No route takes forms; a malformed one must be refused like any other wrong content.
    properties.put("spring.servlet.multipart.enabled", false);
    // Errors have one shape, and Jetty's own are given it where they arise.
    properties.put(
        "spring.autoconfigure.exclude",
        "org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration");
    if (!service.local()) {
      properties.put("logging.structured.format.console", "logstash");
    } else {
      properties.put(
          "logging.pattern.console", "%d{HH:mm:ss.SSS} %-5level %logger{0}: %msg %kvp%n%wEx");
    }
    // Writes a path as it came, and with it whatever it holds.
    properties.put("logging.level.org.springframework.web.servlet.PageNotFound", "ERROR");
    properties.put("springdoc.api-docs.path", "/my/openapi.json");
    properties.put("springdoc.writer-with-order-by-keys", true);
    properties.put("springdoc.writer-with-default-pretty-printer", true);
    properties.put("springdoc.override-with-generic-response", false);
    properties.put("springdoc.swagger-ui.enabled", false);
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
