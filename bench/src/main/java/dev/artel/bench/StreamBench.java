package dev.artel.bench;

import dev.artel.bench.Product.Seat;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Readers of one log: what they cost while nothing happens, how fast they hear, how much they can
/// hear, and how they catch up; each beside a writer on bare sockets.
final class StreamBench implements Bench.Program {
  private static final int READERS_PER_USER = 1000;
  private static final Duration START = Duration.ofSeconds(30);

  // The promises of one session with 1 000 readers.
  private static final long HEAP_BYTES_MAX = 1 << 20;
  private static final double CORE_SHARE_MAX = 0.5;
  private static final double P99_MILLIS_MAX = 100;

  private static final int BROADCASTS_PER_SECOND = 10;

  /// Below the lag at which the product cuts a reader.
  private static final int IN_FLIGHT_MAX = 600;

  private static final int UNIT = 200;

  @Override
  public boolean run(Place place, Options options) throws Exception {
    if (options.check()) {
      return check(place, options);
    }
    idle(place, options);
    oneToMany(place, options);
    rates(place, options);
    resume(place, options);
    return true;
  }

  static Child bareWriter(Place place) throws IOException {
    return Child.start(
        place.run().resolve("bare-writer.log"),
        Map.of(),
        List.of(Place.java(), "-cp", place.classpath(), BareWriter.class.getName()));
  }

  private static byte[] follow(Product product, Seat seat) {
    return Wire.request(product.port(), "GET", seat.eventsPath(), seat.token(), null);
  }

  private static byte[] bareRequest(String path) {
    return Wire.request(0, "GET", path, null, null);
  }

  // What idle readers cost

  private record Idle(long live, long rss, double cores) {}

  private static void idle(Place place, Options options) throws Exception {
    var table =
        new Table(
            "Idle readers (at most 1 000 a user)",
            "readers",
            "heap a reader",
            "RSS a reader",
            "RSS in all",
            "of a core",
            "bare: heap a reader",
            "bare: RSS a reader",
            "bare: of a core",
            "heap ratio");
    int[] sizes = options.quick() ? new int[] {100, 200} : new int[] {1000, 5000, 10_000};
    try (Product product = Product.start(place, options, Map.of());
        Child bare = bareWriter(place);
        var ours = new Fleet();
        var theirs = new Fleet()) {
      int port = product.port();
      int barePort = Integer.parseInt(bare.told("port", START));
      List<Seat> seats = new ArrayList<>();
      for (int i = 0; i * READERS_PER_USER < sizes[sizes.length - 1]; i++) {
        seats.add(product.seat());
      }
      warm(product, seats.getFirst(), options);
      Idle none = new Idle(product.child().liveBytes(), product.child().rssBytes(), 0);
      Idle bareNone = new Idle(bare.liveBytes(), bare.rssBytes(), 0);
      int open = 0;
      for (int size : sizes) {
        int before = open;
        ours.open(
            port, size - open, i -> follow(product, seats.get((before + i) / READERS_PER_USER)));
        theirs.open(barePort, size - open, _ -> bareRequest("/"));
        open = size;
        Idle with = measure(product.child(), options);
        Idle bareWith = measure(bare, options);
        if (ours.closed() > 0) {
          throw new IllegalStateException(ours.closed() + " readers were cut");
        }
        double heap = (double) (with.live - none.live) / size;
        double bareHeap = (double) (bareWith.live - bareNone.live) / size;
        table.row(
            size,
            kib(heap),
            kib((double) (with.rss - none.rss) / size),
            mib((double) with.rss),
            percent(with.cores),
            kib(bareHeap),
            kib((double) (bareWith.rss - bareNone.rss) / size),
            percent(bareWith.cores),
            Table.ratio(heap, bareHeap));
      }
    }
    table.print();
  }

  private static Idle measure(Child child, Options options)
      throws IOException, InterruptedException {
    long live = child.liveBytes();
    // One whole period of heartbeats.
    Duration time = Duration.ofSeconds(options.size(3, 30));
    Duration cpu = child.cpu();
    Thread.sleep(time);
    double cores = (double) child.cpu().minus(cpu).toNanos() / time.toNanos();
    return new Idle(live, child.rssBytes(), cores);
  }

  /// Code that was not compiled yet is not what is measured: its frames alone double what a waiting
  /// reader holds.
  static void warm(Product product, Seat seat, Options options) throws IOException {
    int readers = options.size(50, 200);
    for (int round = 0; round < options.size(2, 20); round++) {
      try (var fleet = new Fleet()) {
        fleet.open(product.port(), readers, _ -> follow(product, seat));
      }
    }
    try (var fleet = new Fleet();
        var api = new Api(product.port(), seat.token())) {
      fleet.open(product.port(), readers, _ -> follow(product, seat));
      fleet.reset(readers, false);
      int events = options.size(50, 1000);
      for (int i = 0; i < events; i++) {
        pin(api, seat, i);
      }
      Fleet.await(
          "the warm-up", () -> fleet.followers().stream().allMatch(f -> f.lines() >= events));
    }
  }

  private static void pin(Api api, Seat seat, int i) throws IOException {
    api.patch(seat.sessionPath(), "{\"pinned\":" + (i % 2 == 0) + "}");
  }

  // One event to many readers

  /// @param cores processor time of the server while it happened
  record Fan(Sample each, Sample last, double cores, int missing) {}

  /// Events at a steady pace through the API, each one transaction.
  static Fan fan(Product product, Seat seat, Fleet fleet, int readers, int events)
      throws IOException, InterruptedException {
    List<Follower> followers = fleet.followers().subList(0, readers);
    fleet.reset(readers, true);
    try (var api = new Api(product.port(), seat.token())) {
      Duration cpu = product.child().cpu();
      long start = System.nanoTime();
      for (int i = 0; i < events; i++) {
        until(start + i * 1_000_000_000L / BROADCASTS_PER_SECOND);
        pin(api, seat, i);
      }
      Fleet.await("the last event", () -> followers.stream().allMatch(f -> f.lines() >= events));
      double cores =
          (double) product.child().cpu().minus(cpu).toNanos() / (System.nanoTime() - start);
      int missing = (int) followers.stream().filter(f -> f.lines() != events).count();
      return new Fan(Fleet.latencies(followers), Fleet.toTheLast(followers), cores, missing);
    }
  }

  static Fan bareFan(Child bare, Control control, Fleet fleet, int readers, int events)
      throws IOException {
    List<Follower> followers = fleet.followers().subList(0, readers);
    fleet.reset(readers, true);
    Duration cpu = bare.cpu();
    long start = System.nanoTime();
    control.ask("pace %d %d".formatted(BROADCASTS_PER_SECOND, events / BROADCASTS_PER_SECOND));
    Fleet.await("the last event", () -> followers.stream().allMatch(f -> f.lines() >= events));
    double cores = (double) bare.cpu().minus(cpu).toNanos() / (System.nanoTime() - start);
    return new Fan(Fleet.latencies(followers), Fleet.toTheLast(followers), cores, 0);
  }

  private static void until(long nanos) throws InterruptedException {
    long left = nanos - System.nanoTime();
    if (left > 0) {
      Thread.sleep(Duration.ofNanos(left));
    }
  }

  private static void oneToMany(Place place, Options options) throws Exception {
    int readers = options.size(100, 1000);
    int events = options.size(20, 200);
    try (Product product = Product.start(place, options, Map.of());
        Child bare = bareWriter(place);
        var control = new Control(Integer.parseInt(bare.told("control", START)));
        var ours = new Fleet();
        var theirs = new Fleet()) {
      Seat seat = product.seat();
      warm(product, seat, options);
      ours.open(product.port(), readers, _ -> follow(product, seat));
      int barePort = Integer.parseInt(bare.told("port", START));
      theirs.open(barePort, readers, _ -> bareRequest("/"));
      control.ask("send %d 1".formatted(options.size(20, 500)));
      fan(product, seat, ours, readers, events / 4);
      var table =
          new Table(
              "One event to %d readers, %d a second: from its commit to the last byte"
                  .formatted(readers, BROADCASTS_PER_SECOND),
              "",
              "P50 ms",
              "P99 ms",
              "last reader P50 ms",
              "of a core");
      var product3 = new ArrayList<Fan>();
      var bare3 = new ArrayList<Fan>();
      for (int round = 0; round < options.size(1, 3); round++) {
        bare3.add(bareFan(bare, control, theirs, readers, events / 2));
        product3.add(fan(product, seat, ours, readers, events / 2));
      }
      Fan our = middle(product3);
      Fan their = middle(bare3);
      table.row(
          "Artel",
          our.each.millis(50),
          our.each.millis(99),
          our.last.millis(50),
          percent(our.cores));
      table.row(
          "bare sockets",
          their.each.millis(50),
          their.each.millis(99),
          their.last.millis(50),
          percent(their.cores));
      table.row(
          "ratio",
          Table.ratio(our.each.millis(50), their.each.millis(50)),
          Table.ratio(our.each.millis(99), their.each.millis(99)),
          Table.ratio(our.last.millis(50), their.last.millis(50)),
          Table.ratio(our.cores, their.cores));
      table.print();
    }
  }

  private static Fan middle(List<Fan> fans) {
    return fans.stream()
        .sorted(java.util.Comparator.comparingDouble(fan -> fan.each.millis(99)))
        .toList()
        .get(fans.size() / 2);
  }

  // How many events

  private static void rates(Place place, Options options) throws Exception {
    var table =
        new Table(
            "Events a second to their readers",
            "",
            "readers",
            "flat out, each",
            "flat out, in all",
            "P99 < 50 ms, each",
            "P99 < 50 ms, in all",
            "its P99 ms");
    for (int readers : new int[] {1, options.size(100, 1000)}) {
      Rate ours;
      Rate theirs;
      try (Product product = feeder(place, options);
          var control = new Control(Integer.parseInt(product.child().told("control", START)));
          var fleet = new Fleet()) {
        Seat seat = product.seat();
        Files.write(
            product.home().resolve("target"),
            List.of(seat.user().toString(), seat.project(), seat.session()));
        fleet.open(product.port(), readers, _ -> follow(product, seat));
        ours = rate(control, fleet, options);
      }
      try (Child bare = bareWriter(place);
          var control = new Control(Integer.parseInt(bare.told("control", START)));
          var fleet = new Fleet()) {
        fleet.open(Integer.parseInt(bare.told("port", START)), readers, _ -> bareRequest("/"));
        theirs = rate(control, fleet, options);
      }
      row(table, "Artel", readers, ours);
      row(table, "bare sockets", readers, theirs);
      table.row(
          "ratio",
          readers,
          Table.ratio(ours.flatOut, theirs.flatOut),
          Table.ratio(ours.flatOut, theirs.flatOut),
          Table.ratio(ours.steady, theirs.steady),
          Table.ratio(ours.steady, theirs.steady),
          "");
    }
    table.print();
  }

  private static void row(Table table, String who, int readers, Rate rate) {
    table.row(
        who,
        readers,
        rate.flatOut,
        rate.flatOut * readers,
        rate.steady,
        rate.steady * readers,
        rate.steadyP99);
  }

  static Product feeder(Place place, Options options) throws IOException, InterruptedException {
    return Product.start(
        place,
        options,
        "feeder",
        Map.of(),
        List.of("-cp", place.classpath(), Feeder.class.getName()));
  }

  /// Lines a second to each reader.
  private record Rate(double flatOut, double steady, double steadyP99) {}

  private static Rate rate(Control control, Fleet fleet, Options options) throws IOException {
    flatOut(control, fleet, Duration.ofSeconds(options.size(1, 8)));
    double flatOut = flatOut(control, fleet, Duration.ofSeconds(options.size(2, 10)));
    double steady = 0;
    double steadyP99 = Double.NaN;
    int seconds = options.size(1, 4);
    int[] steps = {100, 200, 500, 1000, 1500, 2000, 3000, 5000, 10_000, 20_000, 50_000};
    for (int rate : steps) {
      if (rate > flatOut) {
        break;
      }
      Paced paced = paced(control, fleet, rate, seconds);
      if (paced.p99 >= 50 || paced.reached < rate * 0.95) {
        break;
      }
      steady = paced.reached;
      steadyP99 = paced.p99;
    }
    return new Rate(flatOut, steady, steadyP99);
  }

  private static double flatOut(Control control, Fleet fleet, Duration time) throws IOException {
    fleet.reset(1, false);
    List<Follower> followers = fleet.followers();
    Follower first = followers.getFirst();
    long start = System.nanoTime();
    int sent = 0;
    while (System.nanoTime() - start < time.toNanos()) {
      control.ask("send %d %d".formatted(UNIT, UNIT));
      sent += UNIT;
      int must = sent - IN_FLIGHT_MAX;
      Fleet.await("a slow reader", () -> fleet.closed() > 0 || slowest(followers, first) >= must);
    }
    int all = sent;
    Fleet.await("the last lines", () -> fleet.closed() > 0 || slowest(followers, first) >= all);
    if (fleet.closed() > 0) {
      throw new IllegalStateException(fleet.closed() + " readers were cut");
    }
    return sent * 1e9 / (System.nanoTime() - start);
  }

  /// Lines that the slowest has: the first counts lines, the others their bytes.
  private static long slowest(List<Follower> followers, Follower first) {
    int lines = first.lines();
    long bytes = first.bytes();
    if (lines == 0) {
      return 0;
    }
    long least = followers.stream().mapToLong(Follower::bytes).min().orElse(0);
    return least >= bytes ? lines : least * lines / bytes;
  }

  private record Paced(double reached, double p99) {}

  private static Paced paced(Control control, Fleet fleet, int rate, int seconds)
      throws IOException {
    int scanning = Math.min(50, fleet.followers().size());
    fleet.reset(scanning, true);
    int all = rate * seconds;
    double reached = Double.parseDouble(control.ask("pace %d %d".formatted(rate, seconds)));
    List<Follower> looked = fleet.followers().subList(0, scanning);
    Fleet.await(
        "the paced lines",
        () ->
            fleet.closed() > 0
                || (looked.stream().allMatch(f -> f.lines() >= all)
                    && slowest(fleet.followers(), looked.getFirst()) >= all));
    return new Paced(fleet.closed() > 0 ? 0 : reached, Fleet.latencies(looked).millis(99));
  }

  // Coming back

  private static void resume(Place place, Options options) throws Exception {
    int readers = options.size(100, 1000);
    int behind = options.size(100, 1000);
    var table =
        new Table(
            "%d readers come back at once, each %d events behind".formatted(readers, behind),
            "",
            "P50 ms",
            "P99 ms",
            "all after ms",
            "events a second");
    double[] ours;
    double[] theirs;
    try (Product product = Product.start(place, options, Map.of())) {
      Seat seat = product.seat();
      warm(product, seat, options);
      String position;
      try (var api = new Api(product.port(), seat.token())) {
        position = api.get(seat.sessionPath()).get("last_event_id").stringValue();
        for (int i = 0; i < behind; i++) {
          pin(api, seat, i);
        }
      }
      byte[] request =
          Wire.request(
              product.port(),
              "GET",
              seat.eventsPath() + "?last_event_id=" + position,
              seat.token(),
              null);
      comeBack(product.port(), readers / 10, behind, request);
      ours = comeBack(product.port(), readers, behind, request);
    }
    try (Child bare = bareWriter(place)) {
      int port = Integer.parseInt(bare.told("port", START));
      byte[] request = bareRequest("/resume/" + behind);
      comeBack(port, readers / 10, behind, request);
      theirs = comeBack(port, readers, behind, request);
    }
    table.row("Artel", ours[0], ours[1], ours[2], ours[3]);
    table.row("bare sockets", theirs[0], theirs[1], theirs[2], theirs[3]);
    table.row(
        "ratio",
        Table.ratio(ours[0], theirs[0]),
        Table.ratio(ours[1], theirs[1]),
        Table.ratio(ours[2], theirs[2]),
        Table.ratio(ours[3], theirs[3]));
    table.print();
  }

  private static double[] comeBack(int port, int readers, int lines, byte[] request)
      throws IOException {
    try (var fleet = new Fleet()) {
      List<Follower> followers = fleet.connect(port, readers);
      fleet.reset(readers, true);
      long start = System.nanoTime();
      fleet.ask(followers, _ -> request);
      Fleet.await("what was missed", () -> followers.stream().allMatch(f -> f.lines() >= lines));
      double all = (System.nanoTime() - start) / 1e6;
      Sample each =
          Sample.of(
              followers.stream().mapToLong(f -> f.arrivals()[lines - 1] - f.askedNanos).toArray());
      return new double[] {
        each.millis(50), each.millis(99), all, (double) readers * lines / all * 1000
      };
    }
  }

  // The promises

  private static boolean check(Place place, Options options) throws Exception {
    int readers = READERS_PER_USER;
    int events = options.size(30, 300);
    try (Product product = Product.start(place, options, Map.of());
        var fleet = new Fleet()) {
      Seat seat = product.seat();
      warm(product, seat, options);
      long before = product.child().liveBytes();
      fleet.open(product.port(), readers, _ -> follow(product, seat));
      long heap = (product.child().liveBytes() - before) / readers;
      Fan fan = fan(product, seat, fleet, readers, events);
      var table =
          new Table(
              "%d readers of one session, %d events, %d a second"
                  .formatted(readers, events, BROADCASTS_PER_SECOND),
              "promise",
              "measured",
              "must be",
              "holds");
      boolean all = fan.missing == 0 && fleet.closed() == 0;
      boolean small = heap < HEAP_BYTES_MAX;
      boolean cheap = fan.cores < CORE_SHARE_MAX;
      boolean fast = fan.each.millis(99) < P99_MILLIS_MAX;
      table.row("readers that heard not all", fan.missing, 0, yes(all));
      table.row("heap a connection", kib((double) heap), "< 1 MiB", yes(small));
      table.row("of a core", percent(fan.cores), "< 50 %", yes(cheap));
      table.row("P99 ms", fan.each.millis(99), "< 100", yes(fast));
      table.print();
      return all && small && cheap && fast;
    }
  }

  private static String yes(boolean holds) {
    return holds ? "yes" : "NO";
  }

  static String kib(double bytes) {
    return Table.number(bytes / 1024) + " KiB";
  }

  static String mib(double bytes) {
    return Table.number(bytes / (1 << 20)) + " MiB";
  }

  static String percent(double share) {
    return Table.number(share * 100) + " %";
  }
}
