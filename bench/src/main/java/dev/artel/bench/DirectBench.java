package dev.artel.bench;

import dev.artel.bench.Product.Seat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What a direct turn adds to the time of the model itself: from the message to its answer, minus
/// what the model takes; beside a handler that only calls the model.
final class DirectBench implements Bench.Program {
  private static final int MODEL_MILLIS = 500;
  private static final Duration START = Duration.ofSeconds(30);
  private static final Duration NO_PAUSE = Duration.ZERO;

  // The promise of a direct turn with 100 users.
  private static final int PROMISED_USERS = 100;
  private static final double P95_MILLIS_MAX = 2000;
  private static final double START_P95_MILLIS_MAX = 100;

  /// @param turnEvery from one message of a user to their next; zero: as soon as it is answered
  private record Step(int users, Duration turnEvery) {
    String pace() {
      return turnEvery.isZero() ? "back to back" : "every " + turnEvery.toSeconds() + " s";
    }
  }

  @Override
  public boolean run(Place place, Options options) throws Exception {
    List<Step> steps = steps(options);
    var table =
        new Table(
            "A direct turn beyond the model's own %d ms".formatted(MODEL_MILLIS),
            "users",
            "a turn each",
            "",
            "turns a second",
            "added P50 ms",
            "P95 ms",
            "P99 ms",
            "whole P95 ms",
            "CPU ms a turn");
    double whole = 0;
    int failed = 0;
    try (Child model = FixedModel.start(place, MODEL_MILLIS)) {
      int modelPort = FixedModel.port(model);
      try (Product product = Product.start(place, options, FixedModel.settings(modelPort));
          Child bare =
              Child.start(
                  place.run().resolve("bare-turn.log"),
                  Map.of(),
                  List.of(
                      Place.java(),
                      "-cp",
                      place.classpath(),
                      BareTurn.class.getName(),
                      String.valueOf(modelPort)))) {
        int barePort = Integer.parseInt(bare.told("port", START));
        int most = steps.stream().mapToInt(Step::users).max().orElse(0);
        List<byte[]> messages = new ArrayList<>();
        for (int i = 0; i < most; i++) {
          messages.add(message(product, product.seat()));
        }
        byte[] plain = Wire.request(barePort, "POST", "/", null, "{\"content\":\"Hello\"}");
        // Until the compiler is done with the whole turn.
        Duration warm = Duration.ofSeconds(options.size(3, 20));
        int warmers = Math.min(most, 100);
        Load.run(product.port(), warmers, warm, NO_PAUSE, messages::get);
        Load.run(barePort, warmers, warm.dividedBy(3), NO_PAUSE, _ -> plain);
        for (Step step : steps) {
          Duration time = Duration.ofSeconds(options.size(3, step.users == 1 ? 25 : 15));
          Turn theirs = turn(bare, barePort, step, time, _ -> plain);
          Turn ours = turn(product.child(), product.port(), step, time, messages::get);
          row(table, step, "Artel", ours);
          row(table, step, "bare handler", theirs);
          if (step.users == PROMISED_USERS) {
            Load.Result load = ours.load;
            whole = Math.max(whole, load.times().millis(95));
            failed += load.failed();
          }
        }
      }
    }
    table.print();
    System.out.println();
    System.out.println(
        "one fdatasync of a page in the same folder: P50 %s ms"
            .formatted(Table.number(Disk.flushes(place.folder("disk")).millis(50))));
    if (whole == 0) {
      return true;
    }
    // Execution starts before the model is called, so that this much can only be too long.
    double started = whole - MODEL_MILLIS;
    return new Promises("A direct turn of %d users".formatted(PROMISED_USERS))
        .below("P95 ms", whole, P95_MILLIS_MAX)
        .below("P95 ms until execution starts, at most", started, START_P95_MILLIS_MAX)
        .exactly("turns that failed", failed, 0)
        .print();
  }

  private static List<Step> steps(Options options) {
    if (options.quick()) {
      return List.of(new Step(1, NO_PAUSE), new Step(5, Duration.ofSeconds(1)));
    }
    if (options.check()) {
      return List.of(new Step(PROMISED_USERS, NO_PAUSE));
    }
    return List.of(
        new Step(1, NO_PAUSE),
        new Step(100, Duration.ofSeconds(5)),
        new Step(500, Duration.ofSeconds(5)),
        new Step(100, NO_PAUSE),
        new Step(500, NO_PAUSE));
  }

  static byte[] message(Product product, Seat seat) {
    return Wire.request(
        product.port(),
        "POST",
        seat.messagePath(),
        seat.token(),
        "{\"content\":\"Hello\",\"target_agent\":\"Ask\"}");
  }

  private record Turn(Load.Result load, double cpuMillis) {}

  private static Turn turn(
      Child child,
      int port,
      Step step,
      Duration time,
      java.util.function.IntFunction<byte[]> message)
      throws Exception {
    Duration cpu = child.cpu();
    Load.Result load = Load.run(port, step.users, time, step.turnEvery, message);
    return new Turn(load, child.cpu().minus(cpu).toNanos() / 1e6 / load.times().size());
  }

  private static void row(Table table, Step step, String who, Turn turn) {
    Load.Result load = turn.load;
    table.row(
        step.users,
        step.pace(),
        load.failed() == 0 ? who : who + " (" + load.failed() + " failed)",
        load.perSecond(),
        load.times().millis(50) - MODEL_MILLIS,
        load.times().millis(95) - MODEL_MILLIS,
        load.times().millis(99) - MODEL_MILLIS,
        load.times().millis(95),
        turn.cpuMillis);
  }
}
