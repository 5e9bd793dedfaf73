package dev.artel.bench;

import dev.artel.bench.Product.Seat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// An authenticated list of sessions, beside the same query, handler and server without what stands
/// before the handler. Both use the same database at the same time.
final class ReadBench implements Bench.Program {
  private static final Duration START = Duration.ofMinutes(1);
  private static final int SESSIONS = 20;
  private static final int CALLERS = 16;

  @Override
  public boolean run(Place place, Options options) throws Exception {
    var table =
        new Table(
            "A list of %d sessions, %d callers".formatted(SESSIONS, CALLERS),
            "",
            "requests a second",
            "P50 ms",
            "P99 ms",
            "CPU µs a request");
    try (Product product = Product.start(place, options, Map.of())) {
      Seat seat = product.seat();
      try (var api = new Api(product.port(), seat.token())) {
        for (int i = 1; i < SESSIONS; i++) {
          String session =
              api.post(
                      "/my/projects/" + seat.project() + "/chat/sessions",
                      "{\"title\":\"Session " + i + "\"}")
                  .get("id")
                  .stringValue();
          api.post(
              "/my/projects/" + seat.project() + "/chat/" + session + "/message",
              "{\"content\":\"Hello\",\"target_agent\":\"Ask\"}");
        }
      }
      try (Child bare =
          Child.start(
              place.run().resolve("bare-list.log"),
              Map.of(),
              List.of(
                  Place.java(),
                  "-cp",
                  place.classpath(),
                  "dev.artel.chat.BareList",
                  product.home().toString(),
                  seat.user().toString(),
                  seat.project()))) {
        int barePort = Integer.parseInt(bare.told("port", START));
        String path = "/my/projects/" + seat.project() + "/chat/sessions";
        byte[] request = Wire.request(product.port(), "GET", path, seat.token(), null);
        sameAnswer(product.port(), barePort, request);
        Duration warm = Duration.ofSeconds(options.size(2, 10));
        read(product.child(), product.port(), warm, request);
        read(bare, barePort, warm, request);
        List<Read> ours = new ArrayList<>();
        List<Read> theirs = new ArrayList<>();
        Duration time = Duration.ofSeconds(options.size(2, 5));
        for (int round = 0; round < options.size(1, 5); round++) {
          ours.add(read(product.child(), product.port(), time, request));
          theirs.add(read(bare, barePort, time, request));
        }
        Read our = middle(ours);
        Read their = middle(theirs);
        row(table, "Artel", our);
        row(table, "without the edge", their);
        table.row(
            "ratio",
            Table.ratio(our.load.perSecond(), their.load.perSecond()),
            Table.ratio(our.load.times().millis(50), their.load.times().millis(50)),
            Table.ratio(our.load.times().millis(99), their.load.times().millis(99)),
            Table.ratio(our.cpuMicros, their.cpuMicros));
      }
    }
    table.print();
    return true;
  }

  private static void sameAnswer(int port, int barePort, byte[] request) throws Exception {
    try (var ours = new Wire(port);
        var theirs = new Wire(barePort)) {
      Wire.Answer our = ours.send(request);
      Wire.Answer their = theirs.send(request);
      if (our.status() != 200 || !Arrays.equals(our.body(), their.body())) {
        throw new IllegalStateException(
            "the two do not answer the same:%n%s%n%s".formatted(our.text(), their.text()));
      }
    }
  }

  /// @param cpuMicros of the server, without the database
  record Read(Load.Result load, double cpuMicros) {}

  static Read read(Child child, int port, Duration time, byte[] request) throws Exception {
    Duration cpu = child.cpu();
    Load.Result load = Load.run(port, CALLERS, time, Duration.ZERO, _ -> request);
    if (load.failed() > 0) {
      throw new IllegalStateException(load.failed() + " requests failed");
    }
    return new Read(load, child.cpu().minus(cpu).toNanos() / 1e3 / load.times().size());
  }

  static Read middle(List<Read> reads) {
    return reads.stream()
        .sorted(Comparator.comparingDouble(read -> read.load.perSecond()))
        .toList()
        .get(reads.size() / 2);
  }

  private static void row(Table table, String who, Read read) {
    table.row(
        who,
        read.load.perSecond(),
        read.load.times().millis(50),
        read.load.times().millis(99),
        read.cpuMicros);
  }
}
