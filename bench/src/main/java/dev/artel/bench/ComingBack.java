package dev.artel.bench;

import dev.artel.bench.Product.Seat;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// Readers that come back and want what they missed.
final class ComingBack {
  private ComingBack() {}

  static void measure(Place place, Options options) throws Exception {
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
      StreamBench.warm(product, options);
      // Another user's, because those who come back early stay.
      comeBack(product.port(), readers / 10, behind, missed(product, behind));
      ours = comeBack(product.port(), readers, behind, missed(product, behind));
    }
    try (Child bare = StreamBench.bareWriter(place)) {
      int port = Integer.parseInt(bare.told("port", StreamBench.START));
      byte[] request = StreamBench.bareRequest("/resume/" + behind);
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

  /// Lets events happen in a new user's session.
  ///
  /// @return the request of a reader who saw none of them
  private static byte[] missed(Product product, int events) throws IOException {
    Seat seat = product.seat();
    try (var api = new Api(product.port(), seat.token())) {
      String position = api.get(seat.sessionPath()).get("last_event_id").stringValue();
      for (int i = 0; i < events; i++) {
        StreamBench.pin(api, seat, i);
      }
      return Wire.request(
          product.port(),
          "GET",
          seat.eventsPath() + "?last_event_id=" + position,
          seat.token(),
          null);
    }
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
}
