package dev.artel.bench;

import dev.artel.bench.Product.Seat;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// How many events a second reach the readers.
final class StreamRates {
  /// Below the lag at which the product cuts a reader.
  private static final int IN_FLIGHT_MAX = 600;

  private static final int UNIT = 200;
  private static final double STEADY_P99_MILLIS = 50;

  private StreamRates() {}

  static void measure(Place place, Options options) throws Exception {
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
          var control =
              new Control(Integer.parseInt(product.child().told("control", StreamBench.START)));
          var fleet = new Fleet()) {
        Seat seat = product.seat();
        Files.write(
            product.home().resolve("target"),
            List.of(seat.user().toString(), seat.project(), seat.session()));
        fleet.open(product.port(), readers, _ -> StreamBench.follow(product, seat));
        ours = rate(control, fleet, options);
      }
      try (Child bare = StreamBench.bareWriter(place);
          var control = new Control(Integer.parseInt(bare.told("control", StreamBench.START)));
          var fleet = new Fleet()) {
        fleet.open(
            Integer.parseInt(bare.told("port", StreamBench.START)),
            readers,
            _ -> StreamBench.bareRequest("/"));
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
    flatOut(control, fleet, Duration.ofSeconds(options.size(1, 6)));
    double flatOut = flatOut(control, fleet, Duration.ofSeconds(options.size(2, 6)));
    double steady = 0;
    double steadyP99 = Double.NaN;
    int seconds = options.size(1, 3);
    int[] steps = {100, 200, 500, 1000, 1500, 2000, 3000, 5000, 10_000, 20_000, 50_000};
    for (int rate : steps) {
      if (rate > flatOut) {
        break;
      }
      Paced paced = paced(control, fleet, rate, seconds);
      if (paced.p99 >= STEADY_P99_MILLIS || paced.reached < rate * 0.95) {
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
}
