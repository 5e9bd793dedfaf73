package dev.artel.bench;

import dev.artel.acceptance.Accepts;
import dev.artel.identity.TokenCost;

/// What it costs to know who calls.
@Accepts("S2.3")
final class AuthBench implements Bench.Program {
  private static final double VALIDATION_P95_MICROS_MAX = 5000;
  private static final double CONTEXT_P99_MICROS_MAX = 1000;

  @Override
  public boolean run(Place place, Options options) throws Exception {
    int rounds = options.size(2_000, 100_000);
    TokenCost cost = TokenCost.measure(place.folder("auth-home"), rounds);
    var table =
        new Table("From the header to the handler, in µs", "", "P50", "P95", "P99", "P95 ratio");
    for (TokenCost.Row row : cost.rows()) {
      Sample ours = Sample.of(row.nanos());
      Sample baseline = Sample.of(row.baseline());
      table.row(
          row.what(),
          ours.micros(50),
          ours.micros(95),
          ours.micros(99),
          Table.ratio(ours.micros(95), baseline.micros(95)));
      table.row(
          "  beside: " + row.beside(),
          baseline.micros(50),
          baseline.micros(95),
          baseline.micros(99),
          "");
    }
    table.print();
    return new Promises("Knowing who calls")
        .below(
            "P95 µs of a token's check",
            Sample.of(cost.validation()).micros(95),
            VALIDATION_P95_MICROS_MAX)
        .below(
            "P99 µs of handing the caller over",
            Sample.of(cost.context()).micros(99),
            CONTEXT_P99_MICROS_MAX)
        .print();
  }
}
