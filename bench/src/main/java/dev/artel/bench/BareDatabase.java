package dev.artel.bench;

import dev.artel.db.EmbeddedDatabase;
import java.nio.file.Path;

/// Starts the embedded database of a home, tells how long that took, and stops it.
final class BareDatabase {
  private BareDatabase() {}

  public static void main(String[] arguments) {
    long start = System.nanoTime();
    try (EmbeddedDatabase _ = EmbeddedDatabase.start(Path.of(arguments[0]))) {
      System.out.println("database " + (System.nanoTime() - start) / 1_000_000);
    }
  }
}
