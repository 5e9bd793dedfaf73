package dev.artel.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/// What these tests need beside the build: the packaged service with the web UI in it, and a
/// browser. Where something lacks they are skipped, and a line says which and what brings it.
final class Needs implements ExecutionCondition {
  private static final Path ROOT = root();
  private static final List<String> BROWSERS =
      List.of(
          "/usr/bin/chromium",
          "/usr/bin/chromium-browser",
          "/usr/bin/google-chrome",
          "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome");

  /// Asked once: what is there when the tests begin must not be taken away by another build.
  private static final @Nullable String LACKING = lacking();

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    if (LACKING == null) {
      return ConditionEvaluationResult.enabled("all there");
    }
    if (context.getTestMethod().isEmpty()) {
      System.out.println("SKIPPED " + context.getDisplayName() + ": " + LACKING);
    }
    return ConditionEvaluationResult.disabled(LACKING);
  }

  private static @Nullable String lacking() {
    if (findBrowser() == null) {
      return "no Chromium; install it (apt-get install chromium) or let ARTEL_CHROMIUM name one";
    }
    Path jar = findJar();
    if (jar == null) {
      return "the service is not packaged; mvn package makes it";
    }
    if (!hasPage(jar)) {
      return "the service was packaged without the web UI; npm ci and npm run build in web/, then mvn package";
    }
    if (!Files.exists(axe())) {
      return "axe-core is not installed; npm ci in web/ brings it";
    }
    return null;
  }

  static Path browser() {
    return Objects.requireNonNull(findBrowser());
  }

  static Path jar() {
    return Objects.requireNonNull(findJar());
  }

  static boolean packaged() {
    return findJar() != null;
  }

  /// Where the settings of the fuzzer are.
  static Path fuzzing() {
    return ROOT.resolve("e2e/fuzz");
  }

  /// The program that tests a service from its document, where `./dev test --install` puts it.
  static @Nullable Path fuzzer() {
    String cache = System.getenv("XDG_CACHE_HOME");
    Path folder =
        cache == null || cache.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(cache);
    Path program = folder.resolve("artel/fuzz/bin/schemathesis");
    return Files.isExecutable(program) ? program : null;
  }

  static Path axe() {
    return ROOT.resolve("web/node_modules/axe-core/axe.min.js");
  }

  private static @Nullable Path findBrowser() {
    String named = System.getenv("ARTEL_CHROMIUM");
    return Stream.concat(Stream.ofNullable(named), BROWSERS.stream())
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(null);
  }

  private static @Nullable Path findJar() {
    Path target = ROOT.resolve("server/target");
    if (!Files.isDirectory(target)) {
      return null;
    }
    try (Stream<Path> files = Files.list(target)) {
      return files
          .filter(file -> file.getFileName().toString().matches("artel-server-.*-app\\.jar"))
          .max(Comparator.naturalOrder())
          .orElse(null);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private static boolean hasPage(Path jar) {
    try (var service = new JarFile(jar.toFile())) {
      return service.getEntry("BOOT-INF/classes/web/index.html") != null;
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private static Path root() {
    Path here = Path.of("").toAbsolutePath();
    while (!Files.exists(here.resolve("ARCHITECTURE.md")) && !Files.exists(here.resolve("dev"))) {
      here = Objects.requireNonNull(here.getParent(), "not below the repository");
    }
    return here;
  }
}
