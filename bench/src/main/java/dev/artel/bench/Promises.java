package dev.artel.bench;

/// What was promised, what was measured, and whether it holds.
final class Promises {
  private final Table table;
  private boolean held = true;

  Promises(String title) {
    table = new Table(title, "promise", "measured", "must be", "holds");
  }

  Promises below(String what, double measured, double limit) {
    return row(what, measured, "< " + Table.number(limit), measured < limit);
  }

  Promises exactly(String what, int measured, int wanted) {
    return row(what, measured, String.valueOf(wanted), measured == wanted);
  }

  private Promises row(String what, Object measured, String wanted, boolean holds) {
    held &= holds;
    table.row(what, measured, wanted, holds ? "yes" : "NO");
    return this;
  }

  /// @return whether all hold
  boolean print() {
    table.print();
    return held;
  }
}
