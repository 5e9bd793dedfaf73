package dev.artel.bench;

import dev.artel.bench.Product.Seat;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// How much of the product's processor time goes into making and reading JSON, on the ways that are
/// taken most; from a flight recording.
final class JsonBench implements Bench.Program {
  private static final int HOTTEST = 6;
  private static final int SAMPLES_MIN = 100;

  private static final Predicate<String> JSON =
      Pattern.compile(
              "(tools\\.jackson|com\\.fasterxml\\.jackson|dev\\.artel\\.protocol\\.WireCodec"
                  + "|dev\\.artel\\.event\\.(Encoder|Payload|Line))\\..*")
          .asMatchPredicate();

  private record Phase(Instant from, Instant to) {}

  @Override
  public boolean run(Place place, Options options) throws Exception {
    Duration time = Duration.ofSeconds(options.size(5, 10));
    int users = options.size(5, 100);
    int readers = options.size(100, 1000);
    Map<String, Phase> phases = new LinkedHashMap<>();
    Path recording = place.run().resolve("product.jfr");
    try (Child model = FixedModel.start(place, 50);
        Product product =
            Product.start(
                place, options.profiling(), FixedModel.settings(FixedModel.port(model)))) {
      List<byte[]> messages = new ArrayList<>();
      for (int i = 0; i < users; i++) {
        messages.add(DirectBench.message(product, product.seat()));
      }
      Seat seat = product.seat();
      byte[] list =
          Wire.request(
              product.port(),
              "GET",
              "/my/projects/" + seat.project() + "/chat/sessions",
              seat.token(),
              null);
      StreamBench.warm(product, options);
      for (boolean counts : new boolean[] {false, true}) {
        Instant from = Instant.now();
        Load.run(product.port(), users, time, Duration.ZERO, messages::get);
        Instant middle = Instant.now();
        Load.run(product.port(), 16, time, Duration.ZERO, _ -> list);
        Instant to = Instant.now();
        if (counts) {
          phases.put("direct turns, %d users".formatted(users), new Phase(from, middle));
          phases.put("lists of sessions", new Phase(middle, to));
        }
      }
      try (var fleet = new Fleet()) {
        fleet.open(product.port(), readers, _ -> StreamBench.follow(product, seat));
        Instant from = Instant.now();
        FanOut.of(product, seat, fleet, readers, (int) time.toSeconds() * 10);
        phases.put("one event to %d readers".formatted(readers), new Phase(from, Instant.now()));
      }
    }
    return print(recording, phases, options);
  }

  private static boolean print(Path recording, Map<String, Phase> phases, Options options)
      throws Exception {
    var table =
        new Table("Making and reading JSON, of all processor time", "way", "samples", "JSON");
    boolean enough = true;
    for (var phase : phases.entrySet()) {
      Profile profile = Profile.between(recording, phase.getValue().from, phase.getValue().to);
      table.row(phase.getKey(), profile.samples(), Table.percent(profile.share(JSON)));
      enough &= options.quick() || profile.samples() >= SAMPLES_MIN;
      System.out.println();
      System.out.println("hottest: " + phase.getKey());
      profile
          .hottest(HOTTEST)
          .forEach(one ->
              System.out.println("  " + Table.percent(one.getValue()) + "  " + one.getKey()));
    }
    table.print();
    return enough;
  }
}
