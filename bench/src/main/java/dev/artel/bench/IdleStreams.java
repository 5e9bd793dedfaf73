package dev.artel.bench;

import dev.artel.bench.Product.Seat;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/// What readers cost while nothing happens.
final class IdleStreams {
  private IdleStreams() {}

  /// @param heap bytes of live objects a reader
  /// @param held bytes of memory a reader
  /// @param rss bytes of memory in all
  private record Idle(double heap, double held, long rss, double cores) {}

  static void measure(Place place, Options options) throws Exception {
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
    // One after the other: both at once want more open files than many machines give a process.
    List<Idle> ours = ours(place, options, sizes);
    List<Idle> theirs = theirs(place, options, sizes);
    for (int i = 0; i < sizes.length; i++) {
      Idle our = ours.get(i);
      Idle their = theirs.get(i);
      table.row(
          sizes[i],
          Table.kib(our.heap),
          Table.kib(our.held),
          Table.mib((double) our.rss),
          Table.percent(our.cores),
          Table.kib(their.heap),
          Table.kib(their.held),
          Table.percent(their.cores),
          Table.ratio(our.heap, their.heap));
    }
    table.print();
  }

  private static List<Idle> ours(Place place, Options options, int[] sizes) throws Exception {
    try (Product product = Product.start(place, options, Map.of());
        var fleet = new Fleet()) {
      List<Seat> seats = new ArrayList<>();
      for (int i = 0; i * StreamBench.READERS_PER_USER < sizes[sizes.length - 1]; i++) {
        seats.add(product.seat());
      }
      StreamBench.warm(product, options);
      return look(
          product.child(),
          fleet,
          product.port(),
          sizes,
          i -> StreamBench.follow(product, seats.get(i / StreamBench.READERS_PER_USER)),
          options);
    }
  }

  private static List<Idle> theirs(Place place, Options options, int[] sizes) throws Exception {
    try (Child bare = StreamBench.bareWriter(place);
        var fleet = new Fleet()) {
      int port = Integer.parseInt(bare.told("port", StreamBench.START));
      return look(bare, fleet, port, sizes, _ -> StreamBench.bareRequest("/"), options);
    }
  }

  private static List<Idle> look(
      Child child, Fleet fleet, int port, int[] sizes, IntFunction<byte[]> request, Options options)
      throws IOException, InterruptedException {
    long live = child.liveBytes();
    long rss = child.rssBytes();
    var seen = new ArrayList<Idle>();
    int open = 0;
    for (int size : sizes) {
      int before = open;
      fleet.open(port, size - open, i -> request.apply(before + i));
      open = size;
      double heap = (double) (child.liveBytes() - live) / size;
      double cores = cores(child, options);
      if (fleet.closed() > 0) {
        throw new IllegalStateException(fleet.closed() + " readers were cut");
      }
      long now = child.rssBytes();
      seen.add(new Idle(heap, (double) (now - rss) / size, now, cores));
    }
    return seen;
  }

  private static double cores(Child child, Options options) throws InterruptedException {
    // One whole period of heartbeats.
    Duration time = Duration.ofSeconds(options.size(3, 30));
    Duration cpu = child.cpu();
    Thread.sleep(time);
    return (double) child.cpu().minus(cpu).toNanos() / time.toNanos();
  }
}
