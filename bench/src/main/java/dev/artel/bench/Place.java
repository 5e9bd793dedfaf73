package dev.artel.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/// Where things lie: the repository, the packaged product, the jars of the benches themselves, and
/// a folder that each run begins anew.
///
/// @param product the product's jar as `./dev up` starts it
/// @param run everything that a run leaves behind
record Place(Path root, Path product, Path own, Path run) {
  /// What makes a Spring Boot application run on Tomcat.
  private static boolean isTomcat(String jar) {
    return jar.startsWith("tomcat-embed-core") || jar.startsWith("spring-boot-tomcat");
  }

  static Place find() throws IOException, InterruptedException {
    Path jar = Path.of(System.getProperty("java.class.path")).toAbsolutePath();
    Path target = parent(jar);
    Path root = parent(parent(target));
    String product = name(jar).replace("artel-bench", "artel-server");
    Path run = target.resolve("run");
    FileSystemUtils.deleteRecursively(run);
    Files.createDirectories(run);
    Path own = target.resolve("app");
    FileSystemUtils.deleteRecursively(own);
    int status =
        new ProcessBuilder(
                java(),
                "-Djarmode=tools",
                "-jar",
                jar.toString(),
                "extract",
                "--destination",
                own.toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start()
            .waitFor();
    if (status != 0) {
      throw new IllegalStateException("the benches' jar could not be unpacked");
    }
    return new Place(
        root, root.resolve("target/app").resolve(product), own.resolve(name(jar)), run);
  }

  private static Path parent(Path path) {
    Path parent = path.getParent();
    if (parent == null) {
      throw new IllegalStateException("start the benches with ./dev bench");
    }
    return parent;
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }

  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  static String jcmd() {
    return Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
  }

  /// The benches' classes and what they use, without Tomcat.
  String classpath() throws IOException {
    return classpath(jar -> !isTomcat(jar));
  }

  String classpathWithTomcat() throws IOException {
    return classpath(_ -> true);
  }

  private String classpath(Predicate<String> wanted) throws IOException {
    var jars = new ArrayList<String>();
    jars.add(own.toString());
    libraries(wanted).forEach(jar -> jars.add(jar.toString()));
    return String.join(":", jars);
  }

  List<Path> libraries(Predicate<String> wanted) throws IOException {
    try (Stream<Path> jars = Files.list(parent(own).resolve("lib"))) {
      return jars.filter(jar -> wanted.test(name(jar))).sorted().collect(Collectors.toList());
    }
  }

  /// A new empty folder of this run.
  Path folder(String name) throws IOException {
    Path folder = run.resolve(name);
    FileSystemUtils.deleteRecursively(folder);
    return Files.createDirectories(folder);
  }

  /// What the figures were measured on.
  String machine() {
    var system = ManagementFactory.getOperatingSystemMXBean();
    long memory =
        system instanceof com.sun.management.OperatingSystemMXBean known
            ? known.getTotalMemorySize() >> 30
            : 0;
    return "%d cores, %d GiB, Java %s; load average at the start: %s"
        .formatted(
            system.getAvailableProcessors(), memory, System.getProperty("java.version"), load());
  }

  static String load() {
    return String.format(
        Locale.ROOT, "%.1f", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }
}
