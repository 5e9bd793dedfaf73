package dev.artel.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// A table as it is printed, in the form that README.md can take over.
final class Table {
  private final String title;
  private final List<List<String>> rows = new ArrayList<>();

  Table(String title, String... heads) {
    this.title = title;
    rows.add(List.of(heads));
  }

  Table row(Object... cells) {
    var row = new ArrayList<String>();
    for (Object cell : cells) {
      row.add(
          switch (cell) {
            case Double number -> number(number);
            case Object other -> other.toString();
          });
    }
    rows.add(row);
    return this;
  }

  /// Three digits that count.
  static String number(double number) {
    double size = Math.abs(number);
    String form = size >= 100 || size == 0 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, form, number).replace(',', ' ');
  }

  static String ratio(double ours, double baseline) {
    return baseline == 0 ? "–" : number(ours / baseline);
  }

  static String kib(double bytes) {
    return number(bytes / 1024) + " KiB";
  }

  static String mib(double bytes) {
    return number(bytes / (1 << 20)) + " MiB";
  }

  static String percent(double share) {
    return number(share * 100) + " %";
  }

  void print() {
    int[] widths =
        IntStream.range(0, rows.getFirst().size())
            .map(i -> rows.stream().mapToInt(row -> row.get(i).length()).max().orElse(0))
            .toArray();
    System.out.println();
    System.out.println(title);
    System.out.println();
    for (int at = 0; at < rows.size(); at++) {
      System.out.println(line(rows.get(at), widths));
      if (at == 0) {
        System.out.println(line(IntStream.of(widths).mapToObj("-"::repeat).toList(), widths));
      }
    }
  }

  private static String line(List<String> row, int[] widths) {
    var cells = new ArrayList<String>(Collections.nCopies(row.size(), ""));
    for (int at = 0; at < row.size(); at++) {
      cells.set(at, String.format("%-" + Math.max(1, widths[at]) + "s", row.get(at)));
    }
    return "| " + String.join(" | ", cells) + " |";
  }
}
