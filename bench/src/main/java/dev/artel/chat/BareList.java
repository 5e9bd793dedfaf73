package dev.artel.chat;

import dev.artel.db.Db;
import dev.artel.db.DbSettings;
import dev.artel.db.EmbeddedDatabase;
import dev.artel.http.Listing;
import dev.artel.http.Paging;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.UserId;
import dev.artel.protocol.WireCodec;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/// The list of sessions without the edge: the same query in the same kind of transaction, the same
/// answer, on the same server; no token, limit, id, log line or meter, and the project is believed.
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class BareList {
  private static final Duration POOL_WAIT = Duration.ofSeconds(30);

  private static final Map<String, Object> AS_THE_PRODUCT =
      Map.of(
          "server.address",
          "127.0.0.1",
          "server.port",
          0,
          "server.jetty.threads.max",
          100_000,
          "spring.threads.virtual.enabled",
          true,
          "spring.mvc.formcontent.filter.enabled",
          false,
          "spring.web.resources.add-mappings",
          false,
          "logging.level.root",
          "WARN");

  /// @param arguments the home whose database is running, the user, the project
  public static void main(String[] arguments) {
    var application = new SpringApplication(BareList.class);
    application.setBannerMode(Banner.Mode.OFF);
    application.setLogStartupInfo(false);
    application.setDefaultProperties(new HashMap<>(AS_THE_PRODUCT));
    application.addInitializers(
        context -> context.getBeanFactory().registerSingleton("target", target(arguments)));
    var context = application.run();
    System.out.println(
        "port "
            + Objects.requireNonNull(((WebServerApplicationContext) context).getWebServer())
                .getPort());
  }

  record Target(Path home, UserId user, ProjectId project) {}

  private static Target target(String[] arguments) {
    return new Target(
        Path.of(arguments[0]),
        new UserId(UUID.fromString(arguments[1])),
        new ProjectId(UUID.fromString(arguments[2])));
  }

  @Bean
  JsonMapper jsonMapper() {
    return WireCodec.json();
  }

  @Bean
  Db db(Target target) {
    EmbeddedDatabase running = EmbeddedDatabase.start(target.home());
    return Db.open(
        new DbSettings(
            running.address("artel_app"),
            running.address("artel_owner"),
            running.address("artel_dispatch"),
            10,
            20,
            POOL_WAIT));
  }

  @RestController
  static class Routes {
    private final Db db;
    private final Target target;
    private final SessionStore store = new SessionStore();

    Routes(Db db, Target target) {
      this.db = db;
      this.target = target;
    }

    @GetMapping("/my/projects/{project_id}/chat/sessions")
    Map<String, Object> list(
        @RequestParam(required = false) @Nullable String q, HttpServletRequest request) {
      var filter = new SessionStore.Filter(q, null, false);
      var paging = new Paging(Paging.LIMIT_DEFAULT, 0, null, null, false);
      Sessions.Page page =
          db.read(
              target.user(),
              tx ->
                  new Sessions.Page(
                      store.list(tx, target.user(), target.project(), filter, paging),
                      store.count(tx, target.user(), target.project(), filter)));
      return Listing.of(
          request,
          "sessions",
          page.sessions().stream().map(SessionResponse::of).toList(),
          page.total(),
          paging);
    }
  }
}
