package dev.artel.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/// Callers that each send the next request when they have the answer to the one before.
final class Load {
  private Load() {}

  /// @param failed answers other than 200
  record Result(Sample times, int failed, double seconds) {
    double perSecond() {
      return times.size() / seconds;
    }
  }

  /// @param pause from one request's beginning to the next one's, if the answer came by then; the
  ///   callers begin spread over it
  static Result run(
      int port, int callers, Duration time, Duration pause, IntFunction<byte[]> request)
      throws Exception {
    Queue<Long> times = new ConcurrentLinkedQueue<>();
    var failed = new AtomicInteger();
    long start = System.nanoTime();
    long end = start + time.toNanos();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = new ArrayList<java.util.concurrent.Future<?>>();
      for (int i = 0; i < callers; i++) {
        int caller = i;
        running.add(
            threads.submit(() -> {
              long first = start + pause.toNanos() * caller / callers;
              call(port, request.apply(caller), first, end, pause, times, failed);
              return null;
            }));
      }
      for (var one : running) {
        one.get();
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Result(Sample.of(List.copyOf(times)), failed.get(), seconds);
  }

  private static void call(
      int port,
      byte[] request,
      long first,
      long end,
      Duration pause,
      Queue<Long> times,
      AtomicInteger failed)
      throws IOException, InterruptedException {
    try (var wire = new Wire(port)) {
      long due = first;
      while (true) {
        long wait = due - System.nanoTime();
        if (wait > 0) {
          Thread.sleep(Duration.ofNanos(wait));
        }
        long began = System.nanoTime();
        if (began >= end) {
          return;
        }
        Wire.Answer answer = wire.send(request);
        times.add(System.nanoTime() - began);
        if (answer.status() != 200) {
          failed.incrementAndGet();
        }
        due = Math.max(System.nanoTime(), began + pause.toNanos());
      }
    }
  }
}
