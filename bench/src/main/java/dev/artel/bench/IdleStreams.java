package dev.artel.bench;

import dev.artel.bench.Product.Seat;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What readers cost while nothing happens.
final class IdleStreams {
  private IdleStreams() {}

  private record Idle(long live, long rss, double cores) {}

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
    try (Product product = Product.start(place, options, Map.of());
        Child bare = StreamBench.bareWriter(place);
        var ours = new Fleet();
        var theirs = new Fleet()) {
      int port = product.port();
      int barePort = Integer.parseInt(bare.told("port", StreamBench.START));
      List<Seat> seats = new ArrayList<>();
      for (int i = 0; i * StreamBench.READERS_PER_USER < sizes[sizes.length - 1]; i++) {
        seats.add(product.seat());
      }
      StreamBench.warm(product, options);
      Idle none = new Idle(product.child().liveBytes(), product.child().rssBytes(), 0);
      Idle bareNone = new Idle(bare.liveBytes(), bare.rssBytes(), 0);
      int open = 0;
      for (int size : sizes) {
        int before = open;
        ours.open(
            port,
            size - open,
            i ->
                StreamBench.follow(
                    product, seats.get((before + i) / StreamBench.READERS_PER_USER)));
        theirs.open(barePort, size - open, _ -> StreamBench.bareRequest("/"));
        open = size;
        Idle with = look(product.child(), options);
        Idle bareWith = look(bare, options);
        if (ours.closed() > 0) {
          throw new IllegalStateException(ours.closed() + " readers were cut");
        }
        double heap = (double) (with.live - none.live) / size;
        double bareHeap = (double) (bareWith.live - bareNone.live) / size;
        table.row(
            size,
            Table.kib(heap),
            Table.kib((double) (with.rss - none.rss) / size),
            Table.mib((double) with.rss),
            Table.percent(with.cores),
            Table.kib(bareHeap),
            Table.kib((double) (bareWith.rss - bareNone.rss) / size),
            Table.percent(bareWith.cores),
            Table.ratio(heap, bareHeap));
      }
    }
    table.print();
  }

  private static Idle look(Child child, Options options) throws IOException, InterruptedException {
    long live = child.liveBytes();
    // One whole period of heartbeats.
    Duration time = Duration.ofSeconds(options.size(3, 30));
    Duration cpu = child.cpu();
    Thread.sleep(time);
    double cores = (double) child.cpu().minus(cpu).toNanos() / time.toNanos();
    return new Idle(live, child.rssBytes(), cores);
  }
}
