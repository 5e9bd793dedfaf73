package dev.artel.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The service, started as a person starts it, on a data folder and a port of its own.
final class ArtelProcess implements AutoCloseable {
  private static final Duration START_MAX = Duration.ofMinutes(3);
  private static final int STOP_SECONDS_MAX = 60;
  private static final Pattern LINK =
      Pattern.compile("http://127\\.0\\.0\\.1:(\\d+)/app/(#code=\\S+)");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path home;
  private final Path output;
  private final Process process;
  private final int port;
  private final String code;
  private final HttpClient client = HttpClient.newHttpClient();

  private ArtelProcess(Path home, Path output, Process process, int port, String code) {
    this.home = home;
    this.output = output;
    this.process = process;
    this.port = port;
    this.code = code;
  }

  /// Starts it and waits until it has printed its address. Port 0 is any free one.
  static ArtelProcess start(Path home, int port) throws IOException, InterruptedException {
    return start(home, port, Map.of());
  }

  /// The same with those settings, as they would stand in the environment.
  static ArtelProcess start(Path home, int port, Map<String, String> settings)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile(home.getParent(), "artel", ".log");
    var own = new HashMap<>(settings);
    own.put("ARTEL_PORT", Integer.toString(port));
    Process process =
        builder(home, own, List.of("-jar", Needs.jar().toString()))
            .redirectOutput(output.toFile())
            .start();
    long until = System.nanoTime() + START_MAX.toNanos();
    while (System.nanoTime() < until) {
      Matcher link = LINK.matcher(Files.readString(output));
      if (link.find()) {
        return new ArtelProcess(
            home, output, process, Integer.parseInt(link.group(1)), link.group(2));
      }
      if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
        break;
      }
    }
    process.destroyForcibly();
    throw new IllegalStateException("the service did not start:\n" + Files.readString(output));
  }

  /// How to start it with settings of its own, and with classes beside its own from a folder.
  static ProcessBuilder beside(Path classes, Path home, Map<String, String> settings)
      throws IOException {
    return builder(
        home,
        settings,
        List.of(
            "-Dloader.path=" + classes,
            "-cp",
            Needs.jar().toString(),
            "org.springframework.boot.loader.launch.PropertiesLauncher"));
  }

  private static ProcessBuilder builder(
      Path home, Map<String, String> settings, List<String> program) throws IOException {
    Files.createDirectories(home);
    var command = new ArrayList<>(List.of(java(), "-XX:TieredStopAtLevel=1"));
    command.addAll(program);
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    own(builder, home).putAll(settings);
    return builder;
  }

  int port() {
    return port;
  }

  /// The address that signs the local user in, once.
  String link() {
    return address("/app/") + code;
  }

  /// By name, because the way of a name can be led over a cable that a test cuts.
  String address(String path) {
    return "http://localhost:" + port + path;
  }

  /// What `./dev token` prints; without a user, for the one whom the link signs in.
  String token(@Nullable UUID user, String... roles) throws IOException, InterruptedException {
    return token(home, Map.of(), user, roles);
  }

  static String token(Path home, Map<String, String> settings, @Nullable UUID user, String... roles)
      throws IOException, InterruptedException {
    var command =
        new ArrayList<>(
            List.of(
                java(),
                "-XX:TieredStopAtLevel=1",
                "-Dloader.main=dev.artel.boot.Token",
                "-cp",
                Needs.jar().toString(),
                "org.springframework.boot.loader.launch.PropertiesLauncher"));
    if (user != null) {
      command.add(user.toString());
    }
    for (String role : roles) {
      command.addAll(List.of("--role", role));
    }
    var builder = new ProcessBuilder(command);
    own(builder, home).putAll(settings);
    Process printing = builder.redirectErrorStream(true).start();
    String printed = new String(printing.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (printing.waitFor() != 0) {
      throw new IllegalStateException("no token: " + printed);
    }
    return printed.lines().filter(line -> line.startsWith("eyJ")).findFirst().orElseThrow();
  }

  JsonNode get(String token, String path) {
    HttpResponse<String> answer = answer(token, path);
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(path + " answered " + answer.statusCode() + answer.body());
    }
    return JSON.readTree(answer.body());
  }

  JsonNode post(String token, String path, String json) {
    var request =
        asking(token, path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json));
    HttpResponse<String> answer = send(request);
    if (answer.statusCode() / 100 != 2) {
      throw new IllegalStateException(path + " answered " + answer.statusCode() + answer.body());
    }
    return JSON.readTree(answer.body());
  }

  int status(String token, String path) {
    return answer(token, path).statusCode();
  }

  private HttpResponse<String> answer(String token, String path) {
    return send(asking(token, path));
  }

  private HttpRequest.Builder asking(String token, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .header("Authorization", "Bearer " + token);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(stop);
    }
  }

  /// As `kill -9` does: nothing is finished, nothing is written.
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    if (!ended()) {
      process.destroyForcibly();
      throw new IllegalStateException("the service did not stop:\n" + Files.readString(output));
    }
  }

  private boolean ended() {
    try {
      return process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static String java() {
    return ProcessHandle.current().info().command().orElse("java");
  }

  private static Map<String, String> own(ProcessBuilder builder, Path home) {
    var environment = builder.environment();
    // A test asks no paid model and no database of somebody else's.
    environment
        .keySet()
        .removeIf(name ->
            name.startsWith("ARTEL_")
                || name.endsWith("_API_KEY")
                || name.equals("OPENAI_BASE_URL"));
    environment.put("ARTEL_HOME", home.toString());
    return environment;
  }
}
