package dev.artel.bench;

import dev.artel.boot.Config;
import dev.artel.identity.DeveloperTokens;
import dev.artel.protocol.UserId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// The product in a process of its own, on a folder of its own, as a newcomer starts it, but for
/// the request limit: one user is to be measured at more than a limit lets through.
final class Product implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(3);

  private final Child child;
  private final Path home;
  private final int port;

  private Product(Child child, Path home, int port) {
    this.child = child;
    this.home = home;
    this.port = port;
  }

  /// The packaged jar.
  static Product start(Place place, Options options, Map<String, String> settings)
      throws IOException, InterruptedException {
    return start(place, options, "product", settings, List.of("-jar", place.product().toString()));
  }

  /// The same service from other jars or with another entry.
  ///
  /// @param entry what follows the JVM's options
  static Product start(
      Place place, Options options, String name, Map<String, String> settings, List<String> entry)
      throws IOException, InterruptedException {
    Path home = place.folder(name + "-home");
    var environment = new HashMap<>(settings);
    environment.put("ARTEL_HOME", home.toString());
    environment.put("ARTEL_PORT", "0");
    environment.put("ARTEL_RATE_LIMIT_PER_MINUTE", "0");
    // The longest life: a run must not end because a token did.
    environment.put("ARTEL_JWT_ACCESS_TOKEN_EXPIRE_MINUTES", "1440");
    var command = new ArrayList<String>();
    command.add(Place.java());
    if (options.profile()) {
      command.add(Profile.flag(place.run().resolve(name + ".jfr")));
    }
    command.addAll(entry);
    Child child = Child.start(place.run().resolve(name + ".log"), environment, command);
    Path told = home.resolve("port");
    long until = System.nanoTime() + START.toNanos();
    while (!Files.exists(told) || Files.readString(told).isBlank()) {
      if (!child.alive() || System.nanoTime() > until) {
        String words = child.lastWords();
        child.close();
        throw new IllegalStateException("the product did not start:\n" + words);
      }
      Thread.sleep(50);
    }
    return new Product(child, home, Integer.parseInt(Files.readString(told).strip()));
  }

  Child child() {
    return child;
  }

  Path home() {
    return home;
  }

  int port() {
    return port;
  }

  String token(UserId user) {
    return DeveloperTokens.of(
            Config.of(
                    Map.of(
                        "ARTEL_HOME",
                        home.toString(),
                        "ARTEL_JWT_ACCESS_TOKEN_EXPIRE_MINUTES",
                        "1440"))
                .identity())
        .mint(user, Set.of());
  }

  /// A user of their own with a project and a session in it.
  record Seat(UserId user, String token, String project, String session) {
    String sessionPath() {
      return "/my/projects/" + project + "/chat/sessions/" + session;
    }

    String eventsPath() {
      return "/my/projects/" + project + "/chat/" + session + "/events";
    }

    String messagePath() {
      return "/my/projects/" + project + "/chat/" + session + "/message";
    }
  }

  Seat seat() throws IOException {
    var user = new UserId(UUID.randomUUID());
    String token = token(user);
    try (var api = new Api(port, token)) {
      String project = api.post("/my/projects", "{\"name\":\"Bench\"}").get("id").stringValue();
      return another(new Seat(user, token, project, ""));
    }
  }

  /// The same user with another session.
  Seat another(Seat seat) throws IOException {
    try (var api = new Api(port, seat.token)) {
      String session =
          api.post("/my/projects/" + seat.project + "/chat/sessions", "{\"title\":\"Bench\"}")
              .get("id")
              .stringValue();
      return new Seat(seat.user, seat.token, seat.project, session);
    }
  }

  @Override
  public void close() {
    child.close();
  }
}
