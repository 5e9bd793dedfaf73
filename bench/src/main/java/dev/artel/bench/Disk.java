package dev.artel.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// What the disk asks for keeping something.
final class Disk {
  private static final int PAGE_BYTES = 8192;
  private static final int FLUSHES = 300;

  private Disk() {}

  /// Times of writing one page over another and waiting until it is kept.
  static Sample flushes(Path folder) throws IOException {
    long[] nanos = new long[FLUSHES];
    try (var file =
        FileChannel.open(
            folder.resolve("page"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (int i = 0; i < FLUSHES; i++) {
        long start = System.nanoTime();
        file.write(ByteBuffer.allocate(PAGE_BYTES), 0);
        file.force(false);
        nanos[i] = System.nanoTime() - start;
      }
    }
    return Sample.of(nanos);
  }
}
