package dev.artel.testing;

import dev.artel.boot.Artel;
import dev.artel.boot.Config;
import dev.artel.boot.Running;
import dev.artel.db.DbSettings;
import dev.artel.identity.DeveloperTokens;
import dev.artel.protocol.UserId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// The real service in this process, on a port of its own over the test database. `shared()` is one
/// for all tests of a process, whose users keep them apart; a test that needs other settings starts
/// its own.
public final class World implements AutoCloseable {
  private static final class Holder {
    static final World SHARED = start(Map.of());
  }

  private final Config config;
  private final Running running;
  private final URI base;

  private World(Config config, Running running) {
    this.config = config;
    this.running = running;
    this.base = URI.create("http://127.0.0.1:" + running.port());
  }

  public static World shared() {
    return Holder.SHARED;
  }

  /// A service of its own with those settings, as they would stand in the environment.
  public static World start(Map<String, String> settings) {
    return start(TestDatabase.settings(), settings);
  }

  /// A service of its own over that database.
  public static World start(DbSettings database, Map<String, String> settings) {
    try {
      Path home = Files.createTempDirectory("artel-world");
      var environment = new LinkedHashMap<String, String>();
      environment.put("ARTEL_HOME", home.toString());
      environment.put("ARTEL_PORT", "0");
      environment.put("ARTEL_DATABASE_URL", url(database.app()));
      environment.put("ARTEL_DATABASE_OWNER_URL", url(database.owner()));
      environment.put("ARTEL_DATABASE_DISPATCH_URL", url(database.dispatch()));
      environment.putAll(settings);
      Config config = Config.of(environment);
      return new World(config, Artel.start(config));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static String url(DbSettings.Address address) {
    return address
        .url()
        .replace(
            "jdbc:postgresql://",
            "postgresql://%s:%s@".formatted(address.user(), address.password()));
  }

  /// A new user with a token.
  public Client user() {
    return user(new UserId(UUID.randomUUID()));
  }

  /// That user, with a token that has those roles.
  public Client user(UserId user, String... roles) {
    return bearing(user, tokens().mint(user, Set.of(roles)));
  }

  public Client admin() {
    return user(new UserId(UUID.randomUUID()), "system_admin");
  }

  /// That user, with a given token.
  public Client bearing(UserId user, String token) {
    return new Client(base, user, Map.of("Authorization", "Bearer " + token));
  }

  /// Somebody without a token.
  public Client stranger() {
    return new Client(base, null, Map.of());
  }

  public DeveloperTokens tokens() {
    return DeveloperTokens.of(config.identity());
  }

  public Config config() {
    return config;
  }

  public URI base() {
    return base;
  }

  /// A door of the service, for looking behind the API.
  public <T> T door(Class<T> kind) {
    return running.door(kind);
  }

  /// Sends a request target that no HTTP library would send.
  public Answer raw(String method, String target, String... headerLines) {
    String head =
        method
            + " "
            + target
            + " HTTP/1.1\r\nHost: "
            + base.getAuthority()
            + "\r\nConnection: close\r\n"
            + String.join("", Arrays.stream(headerLines).map(line -> line + "\r\n").toList())
            + "\r\n";
    try (var socket = new Socket(base.getHost(), base.getPort())) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return parsed(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static Answer parsed(String text) {
    int end = text.indexOf("\r\n\r\n");
    List<String> lines = text.substring(0, end).lines().toList();
    Map<String, List<String>> headers = new LinkedHashMap<>();
    for (String line : lines.subList(1, lines.size())) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT),
          List.of(line.substring(colon + 1).strip()));
    }
    String body = text.substring(end + 4);
    if (headers.containsKey("transfer-encoding")) {
      body = body.replaceAll("(?m)^[0-9a-fA-F]+\r\n", "").replace("\r\n", "");
    }
    return new Answer(Integer.parseInt(lines.getFirst().substring(9, 12)), headers, body);
  }

  @Override
  public void close() {
    running.close();
  }
}
