package dev.artel.boot;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/// The service's entry point.
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(ModuleList.class)
public class Artel {
  public static void main(String[] arguments) {
    var ending = new Ending();
    Runtime.getRuntime().addShutdownHook(ending);
    try {
      ending.started(start(Config.of(System.getenv())));
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

  /// Starts the service and blocks until it serves.
  public static Running start(Config config) {
    var application = new SpringApplication(Artel.class);
    application.addInitializers(
        context -> context.getBeanFactory().registerSingleton("config", config));
    application.setDefaultProperties(config.springProperties());
    return new Running(application.run());
  }
}
