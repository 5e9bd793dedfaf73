package dev.artel.bench;

import dev.artel.bench.Product.Seat;
import dev.artel.bench.ReadBench.Read;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The product itself on Jetty and on Tomcat: requests for the processor's time, and streams. Both
/// run at once and are loaded in turn.
final class HttpBench implements Bench.Program {
  private static final String JETTY =
      "org.springframework.boot.jetty.autoconfigure.servlet.JettyServletWebServerAutoConfiguration";

  /// The product leaves this one out by itself; naming a second one needs both.
  private static final String ERRORS =
      "org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration";

  private static final String ENTRY = "dev.artel.boot.Artel";

  /// A server under measurement.
  private static final class Candidate implements AutoCloseable {
    final String name;
    final Product product;
    final Seat seat;
    final Fleet fleet;

    Candidate(String name, Product product) throws IOException {
      this.name = name;
      this.product = product;
      this.seat = product.seat();
      this.fleet = new Fleet();
    }

    @Override
    public void close() throws IOException {
      fleet.close();
      product.close();
    }
  }

  @Override
  public boolean run(Place place, Options options) throws Exception {
    List<String> jetty = List.of("-cp", place.classpath(), ENTRY);
    List<String> tomcat =
        List.of(
            "-Dspring.autoconfigure.exclude=" + ERRORS + "," + JETTY,
            "-Dserver.tomcat.max-connections=20000",
            "-Dserver.tomcat.max-keep-alive-requests=-1",
            "-cp",
            place.classpathWithTomcat(),
            ENTRY);
    try (var first =
            new Candidate("Jetty", Product.start(place, options, "jetty", Map.of(), jetty));
        var second =
            new Candidate("Tomcat", Product.start(place, options, "tomcat", Map.of(), tomcat))) {
      List<Candidate> both = List.of(first, second);
      requests(both, options);
      streams(both, options);
    }
    return true;
  }

  private static void requests(List<Candidate> both, Options options) throws Exception {
    var table =
        new Table(
            "Requests, 16 callers",
            "route",
            "",
            "requests a second",
            "CPU µs a request",
            "requests a second and core",
            "P99 ms");
    for (String route : List.of("GET /health", "list of sessions")) {
      List<List<Read>> reads = List.of(new ArrayList<>(), new ArrayList<>());
      for (int round = -1; round < options.size(1, 3); round++) {
        for (int i = 0; i < both.size(); i++) {
          Candidate one = both.get(i);
          String path =
              route.endsWith("/health")
                  ? "/health"
                  : "/my/projects/" + one.seat.project() + "/chat/sessions";
          // The first round is the compiler's.
          Duration time = Duration.ofSeconds(round < 0 ? options.size(2, 10) : options.size(2, 4));
          Read read =
              ReadBench.read(
                  one.product.child(),
                  one.product.port(),
                  time,
                  Wire.request(one.product.port(), "GET", path, one.seat.token(), null));
          if (round >= 0) {
            reads.get(i).add(read);
          }
        }
      }
      for (int i = 0; i < both.size(); i++) {
        Read read = ReadBench.middle(reads.get(i));
        table.row(
            route,
            both.get(i).name,
            read.load().perSecond(),
            read.cpuMicros(),
            1e6 / read.cpuMicros(),
            read.load().times().millis(99));
      }
    }
    table.print();
  }

  private static void streams(List<Candidate> both, Options options) throws Exception {
    int readers = options.size(100, 1000);
    int events = options.size(20, 100);
    var table =
        new Table(
            "%d streams".formatted(readers),
            "",
            "heap a stream",
            "RSS a stream",
            "one event to all: P50 ms",
            "P99 ms",
            "CPU µs a line");
    for (Candidate one : both) {
      // The product names the connection's life through Jetty's own request where it goes on.
      StreamBench.warm(one.product, options, Wire::last);
      Child child = one.product.child();
      long live = child.liveBytes();
      long rss = child.rssBytes();
      one.fleet.open(
          one.product.port(), readers, _ -> Wire.last(StreamBench.follow(one.product, one.seat)));
      double heap = (double) (child.liveBytes() - live) / readers;
      double held = (double) (child.rssBytes() - rss) / readers;
      FanOut.of(one.product, one.seat, one.fleet, readers, events);
      Duration cpu = child.cpu();
      FanOut fan = FanOut.of(one.product, one.seat, one.fleet, readers, events);
      double micros = child.cpu().minus(cpu).toNanos() / 1e3 / ((double) readers * events);
      table.row(
          one.name,
          Table.kib(heap),
          Table.kib(held),
          fan.each().millis(50),
          fan.each().millis(99),
          micros);
    }
    table.print();
  }
}
