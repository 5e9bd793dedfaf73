package dev.artel.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A process that a bench started, with what it costs. Closing stops it and waits.
final class Child implements AutoCloseable {
  private static final Duration STOP = Duration.ofSeconds(30);
  private static final Pattern RSS = Pattern.compile("VmRSS:\\s+(\\d+) kB");
  private static final Pattern TOTAL = Pattern.compile("Total\\s+\\d+\\s+(\\d+)");

  /// Nothing of a developer's own may reach a process that is measured: keys cost money, and
  /// settings change what is measured.
  private static final List<String> HARMLESS =
      List.of("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "USER", "LOGNAME", "TZ");

  private final Process process;
  private final Path log;

  private Child(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  static Child start(Path log, Map<String, String> environment, List<String> command)
      throws IOException {
    var builder = new ProcessBuilder(command);
    builder.environment().keySet().retainAll(HARMLESS);
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    var child = new Child(builder.start(), log);
    Runtime.getRuntime().addShutdownHook(new Thread(child.process::destroy));
    return child;
  }

  long pid() {
    return process.pid();
  }

  boolean alive() {
    return process.isAlive();
  }

  /// Waits until the process wrote a line that begins with that word, and returns what follows.
  String told(String word, Duration within) throws IOException, InterruptedException {
    long until = System.nanoTime() + within.toNanos();
    while (System.nanoTime() < until) {
      if (Files.exists(log)) {
        for (String line : Files.readString(log).lines().toList()) {
          if (line.startsWith(word + " ")) {
            return line.substring(word.length() + 1).strip();
          }
        }
      }
      if (!process.isAlive()) {
        break;
      }
      Thread.sleep(5);
    }
    throw new IllegalStateException(
        "a process said no '%s'; its last words:%n%s".formatted(word, lastWords()));
  }

  String lastWords() throws IOException {
    List<String> lines = Files.exists(log) ? Files.readString(log).lines().toList() : List.of();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
  }

  /// Processor time until now, children not included.
  Duration cpu() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /// Memory that the process holds in the machine's RAM.
  long rssBytes() throws IOException {
    Matcher found = RSS.matcher(Files.readString(Path.of("/proc/" + pid() + "/status")));
    return found.find() ? Long.parseLong(found.group(1)) * 1024 : 0;
  }

  /// Bytes of all live objects: a full collection is made first.
  long liveBytes() throws IOException, InterruptedException {
    Matcher found = TOTAL.matcher(jcmd("GC.class_histogram"));
    long total = 0;
    while (found.find()) {
      total = Long.parseLong(found.group(1));
    }
    return total;
  }

  String jcmd(String... command) throws IOException, InterruptedException {
    var words = new java.util.ArrayList<>(List.of(Place.jcmd(), String.valueOf(pid())));
    words.addAll(List.of(command));
    Process asked = new ProcessBuilder(words).redirectErrorStream(true).start();
    String answer = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    asked.waitFor();
    return answer;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException stopped) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
