package dev.artel.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;

/// From the start of the process to the first 200, beside a bare Spring Boot application that is
/// started the same way. The database's own start, with the Java that starts it, is measured apart,
/// and with a cache where the product has one.
final class StartBench implements Bench.Program {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /// What Spring Boot's own starters for a web application on Jetty bring.
  private static final Predicate<String> BARE =
      Pattern.compile(
              "(spring-(aop|beans|context|core|expression|web|webmvc)-\\d.*"
                  + "|spring-boot(-(autoconfigure|http-converter|jackson|jetty|servlet|web-server|webmvc))?-\\d.*"
                  + "|jetty-.*|jakarta\\..*|jackson-(core|databind|annotations)-.*|logback-.*|slf4j-.*|log4j-.*|jul-to-.*"
                  + "|micrometer-(commons|observation)-\\d.*|commons-logging.*|jspecify.*|snakeyaml.*|asm-.*|spring-jcl.*|tomcat-embed-el.*)")
          .asMatchPredicate();

  @Override
  public boolean run(Place place, Options options) throws Exception {
    int rounds = options.size(1, 5);
    Path home = place.folder("start-home");
    Path bareJar = bareJar(place);
    List<String> product = List.of("-jar", place.product().toString());
    String port = String.valueOf(freePort());
    Map<String, String> settings = Map.of("ARTEL_HOME", home.toString(), "ARTEL_PORT", port);
    List<String> bare = List.of("-jar", bareJar.toString(), port);

    // The first start makes the database, which happens once in the life of a folder.
    once(place, "first", settings, List.of(), product, port);
    Path productCache = place.run().resolve("product.aot");
    Path bareCache = place.run().resolve("bare.aot");
    record(
        place,
        "product-rehearsal",
        settings,
        productCache,
        plus(List.of("-Dartel.rehearsal=true"), product));
    record(place, "bare-rehearsal", Map.of(), bareCache, plus(bare, List.of("end")));
    Path databaseCache = place.run().resolve("database.aot");
    record(place, "database-rehearsal", Map.of(), databaseCache, database(place, home));
    List<String> cached = List.of("-XX:AOTCache=" + productCache);
    List<String> bareCached = List.of("-XX:AOTCache=" + bareCache);

    List<Start> plain = new ArrayList<>();
    List<Start> barePlain = new ArrayList<>();
    List<Start> withCache = new ArrayList<>();
    List<Start> bareWithCache = new ArrayList<>();
    List<Double> database = new ArrayList<>();
    List<Double> databaseWithCache = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      plain.add(once(place, "plain", settings, List.of(), product, port));
      barePlain.add(once(place, "bare", Map.of(), List.of(), bare, port));
      withCache.add(once(place, "cached", settings, cached, product, port));
      bareWithCache.add(once(place, "bare-cached", Map.of(), bareCached, bare, port));
      database.add(databaseStart(place, home, List.of()));
      databaseWithCache.add(databaseStart(place, home, List.of("-XX:AOTCache=" + databaseCache)));
    }
    var table =
        new Table(
            "Process start to the first 200 on /health",
            "",
            "ms",
            "the database's own",
            "RSS when ready",
            "bare: ms",
            "bare: RSS",
            "ratio",
            "ratio without the database");
    row(table, "plain", plain, barePlain, middle(database));
    row(table, "AOT cache", withCache, bareWithCache, middle(databaseWithCache));
    table.print();
    return true;
  }

  private static void row(
      Table table, String how, List<Start> ours, List<Start> bare, double database) {
    double our = middle(ours.stream().map(Start::millis).toList());
    double their = middle(bare.stream().map(Start::millis).toList());
    table.row(
        how,
        our,
        database,
        Table.mib(middle(ours.stream().map(s -> (double) s.rss).toList())),
        their,
        Table.mib(middle(bare.stream().map(s -> (double) s.rss).toList())),
        Table.ratio(our, their),
        Table.ratio(our - database, their));
  }

  private static double middle(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  private record Start(double millis, long rss) {}

  private static Start once(
      Place place,
      String name,
      Map<String, String> settings,
      List<String> flags,
      List<String> entry,
      String port)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    try (Child child =
        Child.start(
            place.run().resolve(name + ".log"),
            settings,
            plus(List.of(Place.java()), plus(flags, entry)))) {
      byte[] health = Wire.request(Integer.parseInt(port), "GET", "/health", null, null);
      while (!answers(Integer.parseInt(port), health)) {
        if (!child.alive() || System.nanoTime() - start > PATIENCE.toNanos()) {
          throw new IllegalStateException("nothing answered:\n" + child.lastWords());
        }
        LockSupport.parkNanos(2_000_000);
      }
      return new Start((System.nanoTime() - start) / 1e6, child.rssBytes());
    }
  }

  private static boolean answers(int port, byte[] request) {
    try (var wire = new Wire(port)) {
      return wire.send(request).status() == 200;
    } catch (IOException _) {
      return false;
    }
  }

  /// A start of which the JVM keeps what it learned.
  private static void record(
      Place place, String name, Map<String, String> settings, Path cache, List<String> entry)
      throws IOException, InterruptedException {
    List<String> command = plus(List.of(Place.java(), "-XX:AOTCacheOutput=" + cache), entry);
    try (Child child = Child.start(place.run().resolve(name + ".log"), settings, command)) {
      long until = System.nanoTime() + PATIENCE.toNanos();
      while (child.alive() && System.nanoTime() < until) {
        Thread.sleep(50);
      }
      if (!Files.exists(cache)) {
        throw new IllegalStateException("no cache was made:\n" + child.lastWords());
      }
    }
  }

  private static List<String> database(Place place, Path home) throws IOException {
    return List.of("-cp", place.classpath(), BareDatabase.class.getName(), home.toString());
  }

  private static double databaseStart(Place place, Path home, List<String> flags)
      throws IOException, InterruptedException {
    List<String> command = plus(List.of(Place.java()), plus(flags, database(place, home)));
    try (Child child = Child.start(place.run().resolve("database.log"), Map.of(), command)) {
      double millis = Double.parseDouble(child.told("database", PATIENCE));
      while (child.alive()) {
        Thread.sleep(20);
      }
      return millis;
    }
  }

  /// A jar with the bare application alone, whose manifest names its libraries; laid out as the
  /// product's, because the cache knows libraries by their places.
  private static Path bareJar(Place place) throws IOException {
    Path folder = place.folder("bare-boot");
    Path lib = Files.createDirectory(folder.resolve("lib"));
    var names = new ArrayList<String>();
    for (Path library : place.libraries(BARE)) {
      Files.copy(library, lib.resolve(library.getFileName()));
      names.add("lib/" + library.getFileName());
    }
    var manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.put(Attributes.Name.MAIN_CLASS, BareBoot.class.getName());
    main.put(Attributes.Name.CLASS_PATH, String.join(" ", names));
    Path jar = folder.resolve("bare-boot.jar");
    String entry = BareBoot.class.getName().replace('.', '/') + ".class";
    try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest);
        InputStream code = StartBench.class.getClassLoader().getResourceAsStream(entry)) {
      if (code == null) {
        throw new IllegalStateException(entry + " is missing");
      }
      out.putNextEntry(new JarEntry(entry));
      code.transferTo(out);
    }
    return jar;
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static List<String> plus(List<String> first, List<String> second) {
    var all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }
}
