package dev.artel.bench;

import dev.artel.bench.Product.Seat;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// One event on its way to many readers.
///
/// @param each from the event's making to each reader
/// @param last to the last one
/// @param cores processor time of the server while it happened
/// @param missing readers that heard less or more than they should
record FanOut(Sample each, Sample last, double cores, int missing) {
  private static final int PER_SECOND = 10;

  // The promises of one session with 1 000 readers.
  private static final double CONNECTION_KIB_MAX = 1024;
  private static final double CORE_PERCENT_MAX = 50;
  private static final double P99_MILLIS_MAX = 100;

  /// Events at a steady pace through the API, each one transaction.
  static FanOut of(Product product, Seat seat, Fleet fleet, int readers, int events)
      throws IOException, InterruptedException {
    List<Follower> followers = fleet.followers().subList(0, readers);
    fleet.reset(readers, true);
    try (var api = new Api(product.port(), seat.token())) {
      Duration cpu = product.child().cpu();
      long start = System.nanoTime();
      for (int i = 0; i < events; i++) {
        until(start + i * 1_000_000_000L / PER_SECOND);
        StreamBench.pin(api, seat, i);
      }
      Fleet.await("the last event", () -> followers.stream().allMatch(f -> f.lines() >= events));
      double cores =
          (double) product.child().cpu().minus(cpu).toNanos() / (System.nanoTime() - start);
      int missing = (int) followers.stream().filter(f -> f.lines() != events).count();
      return new FanOut(Fleet.latencies(followers), Fleet.toTheLast(followers), cores, missing);
    }
  }

  static FanOut ofBare(Child bare, Control control, Fleet fleet, int readers, int events)
      throws IOException {
    List<Follower> followers = fleet.followers().subList(0, readers);
    fleet.reset(readers, true);
    Duration cpu = bare.cpu();
    long start = System.nanoTime();
    control.ask("pace %d %d".formatted(PER_SECOND, events / PER_SECOND));
    Fleet.await("the last event", () -> followers.stream().allMatch(f -> f.lines() >= events));
    double cores = (double) bare.cpu().minus(cpu).toNanos() / (System.nanoTime() - start);
    return new FanOut(Fleet.latencies(followers), Fleet.toTheLast(followers), cores, 0);
  }

  private static void until(long nanos) throws InterruptedException {
    long left = nanos - System.nanoTime();
    if (left > 0) {
      Thread.sleep(Duration.ofNanos(left));
    }
  }

  static void measure(Place place, Options options) throws Exception {
    int readers = options.size(100, 1000);
    int events = options.size(20, 200);
    try (Product product = Product.start(place, options, Map.of());
        Child bare = StreamBench.bareWriter(place);
        var control = new Control(Integer.parseInt(bare.told("control", StreamBench.START)));
        var ours = new Fleet();
        var theirs = new Fleet()) {
      Seat seat = product.seat();
      StreamBench.warm(product, options);
      ours.open(product.port(), readers, _ -> StreamBench.follow(product, seat));
      int barePort = Integer.parseInt(bare.told("port", StreamBench.START));
      theirs.open(barePort, readers, _ -> StreamBench.bareRequest("/"));
      control.ask("send %d 1".formatted(options.size(20, 500)));
      of(product, seat, ours, readers, events / 4);
      var table =
          new Table(
              "One event to %d readers, %d a second: from its commit to the last byte"
                  .formatted(readers, PER_SECOND),
              "",
              "P50 ms",
              "P99 ms",
              "last reader P50 ms",
              "of a core");
      var product3 = new ArrayList<FanOut>();
      var bare3 = new ArrayList<FanOut>();
      for (int round = 0; round < options.size(1, 3); round++) {
        bare3.add(ofBare(bare, control, theirs, readers, events / 2));
        product3.add(of(product, seat, ours, readers, events / 2));
      }
      FanOut our = middle(product3);
      FanOut their = middle(bare3);
      table.row(
          "Artel",
          our.each.millis(50),
          our.each.millis(99),
          our.last.millis(50),
          Table.percent(our.cores));
      table.row(
          "bare sockets",
          their.each.millis(50),
          their.each.millis(99),
          their.last.millis(50),
          Table.percent(their.cores));
      table.row(
          "ratio",
          Table.ratio(our.each.millis(50), their.each.millis(50)),
          Table.ratio(our.each.millis(99), their.each.millis(99)),
          Table.ratio(our.last.millis(50), their.last.millis(50)),
          Table.ratio(our.cores, their.cores));
      table.print();
    }
  }

  private static FanOut middle(List<FanOut> fans) {
    return fans.stream()
        .sorted(Comparator.comparingDouble(fan -> fan.each.millis(99)))
        .toList()
        .get(fans.size() / 2);
  }

  /// The promises, beside the bare writer at the same work.
  static boolean check(Place place, Options options) throws Exception {
    int readers = StreamBench.READERS_PER_USER;
    int events = options.size(30, 300);
    try (Product product = Product.start(place, options, Map.of());
        Child bare = StreamBench.bareWriter(place);
        var control = new Control(Integer.parseInt(bare.told("control", StreamBench.START)));
        var theirs = new Fleet();
        var ours = new Fleet()) {
      int barePort = Integer.parseInt(bare.told("port", StreamBench.START));
      theirs.open(barePort, readers, _ -> StreamBench.bareRequest("/"));
      ofBare(bare, control, theirs, readers, events);
      FanOut floor = ofBare(bare, control, theirs, readers, events);
      Seat seat = product.seat();
      StreamBench.warm(product, options);
      long live = product.child().liveBytes();
      long rss = product.child().rssBytes();
      ours.open(product.port(), readers, _ -> StreamBench.follow(product, seat));
      double heap = (double) (product.child().liveBytes() - live) / readers;
      FanOut fan = of(product, seat, ours, readers, events);
      double held = (double) (product.child().rssBytes() - rss) / readers;
      System.out.println(
          "the bare writer's P99: %s ms, ratio %s"
              .formatted(
                  Table.number(floor.each.millis(99)),
                  Table.ratio(fan.each.millis(99), floor.each.millis(99))));
      return new Promises(
              "%d readers of one session, %d events, %d a second"
                  .formatted(readers, events, PER_SECOND))
          .exactly("readers that did not hear each event once", fan.missing, 0)
          .exactly("readers that were cut", ours.closed(), 0)
          .below("KiB of heap a connection", heap / 1024, CONNECTION_KIB_MAX)
          .below("KiB of memory a connection", held / 1024, CONNECTION_KIB_MAX)
          .below("% of a core", fan.cores * 100, CORE_PERCENT_MAX)
          .below("P99 ms from commit to reader", fan.each.millis(99), P99_MILLIS_MAX)
          .print();
    }
  }
}
