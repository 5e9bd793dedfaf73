package dev.artel.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;

/// Many connections that follow a stream, read by one thread.
final class Fleet implements AutoCloseable {
  private static final int GROUP = 100;
  private static final int READ_BYTES = 256 * 1024;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Selector selector;
  private final Queue<Runnable> errands = new ConcurrentLinkedQueue<>();
  private final List<Follower> followers = new ArrayList<>();
  private final Thread thread;
  private volatile boolean ended;

  Fleet() throws IOException {
    selector = Selector.open();
    thread = Thread.ofPlatform().daemon().name("fleet").start(this::run);
  }

  List<Follower> followers() {
    return followers;
  }

  /// Opens connections group by group, each once the one before has its first line: a crowd at the
  /// door is not what is measured.
  void open(int port, int count, IntFunction<byte[]> request) throws IOException {
    for (int done = 0; done < count; done += GROUP) {
      int group = Math.min(GROUP, count - done);
      List<Follower> fresh = connect(port, group);
      int offset = done;
      ask(fresh, i -> request.apply(offset + i));
      await("first lines", () -> fresh.stream().allMatch(Follower::opened));
    }
  }

  /// Connects without asking for anything yet.
  List<Follower> connect(int port, int count) throws IOException {
    var fresh = new ArrayList<Follower>();
    for (int i = 0; i < count; i++) {
      SocketChannel channel =
          SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      channel.configureBlocking(false);
      var follower = new Follower(channel);
      channel.register(selector, SelectionKey.OP_READ, follower);
      fresh.add(follower);
    }
    followers.addAll(fresh);
    return fresh;
  }

  void ask(List<Follower> who, IntFunction<byte[]> request) throws IOException {
    selector.wakeup();
    for (int i = 0; i < who.size(); i++) {
      Follower follower = who.get(i);
      follower.askedNanos = System.nanoTime();
      ByteBuffer bytes = ByteBuffer.wrap(request.apply(i));
      while (bytes.hasRemaining()) {
        follower.channel.write(bytes);
      }
    }
    selector.wakeup();
  }

  /// Begins to count anew.
  ///
  /// @param scanning how many look at lines; the rest only count bytes
  /// @param stamped whether the first also reads when the lines were made
  void reset(int scanning, boolean stamped) {
    var done = new CountDownLatch(1);
    errands.add(() -> {
      for (int i = 0; i < followers.size(); i++) {
        followers.get(i).reset(i < scanning, stamped && i == 0);
      }
      done.countDown();
    });
    selector.wakeup();
    try {
      done.await();
    } catch (InterruptedException stopped) {
      throw new IllegalStateException(stopped);
    }
  }

  static void await(String what, BooleanSupplier reached) {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!reached.getAsBoolean()) {
      if (System.nanoTime() > until) {
        throw new IllegalStateException("waited for " + what + " for " + PATIENCE);
      }
      LockSupport.parkNanos(100_000);
    }
  }

  int closed() {
    return (int) followers.stream().filter(Follower::closed).count();
  }

  private void run() {
    byte[] buffer = new byte[READ_BYTES];
    try {
      while (!ended) {
        selector.select(key -> read((Follower) key.attachment(), key, buffer));
        for (Runnable errand = errands.poll(); errand != null; errand = errands.poll()) {
          errand.run();
        }
      }
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static void read(Follower follower, SelectionKey key, byte[] buffer) {
    try {
      int n = follower.channel.read(ByteBuffer.wrap(buffer));
      if (n > 0) {
        follower.take(buffer, n, System.nanoTime());
      }
      if (n >= 0) {
        return;
      }
    } catch (IOException _) {
      // The other side closed it; counted like an orderly end.
    }
    follower.close();
    key.cancel();
  }

  /// Times from the making of each line, as it says itself, to its last byte at each follower that
  /// scans. Both clocks are this machine's.
  static Sample latencies(List<Follower> scanning) {
    long offset = Follower.micros(Instant.now()) - System.nanoTime() / 1000;
    List<Long> stamps = scanning.getFirst().stamps();
    long[] nanos = new long[scanning.size() * stamps.size()];
    int at = 0;
    for (Follower follower : scanning) {
      long[] arrivals = follower.arrivals();
      for (int k = 0; k < Math.min(arrivals.length, stamps.size()); k++) {
        nanos[at++] = (arrivals[k] / 1000 + offset - stamps.get(k)) * 1000;
      }
    }
    return Sample.of(java.util.Arrays.copyOf(nanos, at));
  }

  /// For each line, the time to the last follower.
  static Sample toTheLast(List<Follower> scanning) {
    long offset = Follower.micros(Instant.now()) - System.nanoTime() / 1000;
    List<Long> stamps = scanning.getFirst().stamps();
    long[] last = new long[stamps.size()];
    for (Follower follower : scanning) {
      long[] arrivals = follower.arrivals();
      for (int k = 0; k < Math.min(arrivals.length, last.length); k++) {
        last[k] = Math.max(last[k], (arrivals[k] / 1000 + offset - stamps.get(k)) * 1000);
      }
    }
    return Sample.of(last);
  }

  @Override
  public void close() throws IOException {
    ended = true;
    selector.wakeup();
    try {
      thread.join();
    } catch (InterruptedException stopped) {
      throw new IllegalStateException(stopped);
    }
    for (Follower follower : followers) {
      follower.channel.close();
    }
    selector.close();
  }
}
