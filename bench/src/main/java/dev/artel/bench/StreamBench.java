package dev.artel.bench;

import dev.artel.acceptance.Accepts;
import dev.artel.bench.Product.Seat;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// Readers of one log: what they cost while nothing happens, how fast they hear, how much they can
/// hear, and how they catch up; each beside a writer on bare sockets.
@Accepts({"S12.5.2", "S12.7.5", "S14.12", "S15.4"})
final class StreamBench implements Bench.Program {
  static final int READERS_PER_USER = 1000;
  static final Duration START = Duration.ofSeconds(30);

  @Override
  public boolean run(Place place, Options options) throws Exception {
    if (options.check()) {
      return FanOut.check(place, options);
    }
    if (options.wants("idle")) {
      IdleStreams.measure(place, options);
    }
    if (options.wants("fan")) {
      FanOut.measure(place, options);
    }
    if (options.wants("rates")) {
      StreamRates.measure(place, options);
    }
    if (options.wants("resume")) {
      ComingBack.measure(place, options);
    }
    return true;
  }

  static Child bareWriter(Place place) throws IOException {
    return Child.start(
        place.run().resolve("bare-writer.log"),
        Map.of(),
        List.of(Place.java(), "-cp", place.classpath(), BareWriter.class.getName()));
  }

  static byte[] follow(Product product, Seat seat) {
    return Wire.request(product.port(), "GET", seat.eventsPath(), seat.token(), null);
  }

  static byte[] bareRequest(String path) {
    return Wire.request(0, "GET", path, null, null);
  }

  /// Code that was not compiled yet is not what is measured: its frames alone double what a waiting
  /// reader holds. Done by a user of its own, whose streams are gone at the end: the service learns
  /// of a reader that left silently only a minute later.
  static void warm(Product product, Options options) throws IOException {
    warm(product, options, request -> request);
  }

  static void warm(Product product, Options options, UnaryOperator<byte[]> dress)
      throws IOException {
    Seat seat = product.seat();
    int readers = options.size(50, 200);
    int events = options.size(10, 100);
    for (int round = 0; round < options.size(3, 12); round++) {
      try (var fleet = new Fleet();
          var api = new Api(product.port(), seat.token())) {
        Seat guest = product.another(seat);
        fleet.open(product.port(), readers, _ -> dress.apply(follow(product, guest)));
        fleet.reset(readers, false);
        for (int i = 0; i < events; i++) {
          pin(api, guest, i);
        }
        Fleet.await(
            "the warm-up", () -> fleet.followers().stream().allMatch(f -> f.lines() >= events));
        api.delete(guest.sessionPath());
        Fleet.await("the end of the session", () -> fleet.closed() == readers);
      }
    }
  }

  static void pin(Api api, Seat seat, int i) throws IOException {
    api.patch(seat.sessionPath(), "{\"pinned\":" + (i % 2 == 0) + "}");
  }
}
