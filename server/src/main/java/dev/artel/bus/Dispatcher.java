package dev.artel.bus;

import dev.artel.db.Db;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Claims tasks and launches them. Local work starts straight after the commit that submitted it,
/// other processes' work when they tell, work that is due later at its time; the pause between
/// looks is a safety net.
final class Dispatcher implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);
  private static final Duration DRAIN = Duration.ofSeconds(10);
  private static final Duration HAND_BACK = Duration.ofSeconds(2);
  private static final Duration AFTER_FAILURE = Duration.ofMillis(500);

  private final Db db;
  private final LeaseStore store;
  private final BusLimits limits;
  private final UUID node;
  private final Runs runs;
  private final Overload overload;
  private final Served served = new Served();
  private final Semaphore signal = new Semaphore(0);
  private volatile boolean stopping;
  private @Nullable Thread loop;

  Dispatcher(Db db, LeaseStore store, TaskHandler handler, BusLimits limits, UUID node) {
    this.db = db;
    this.store = store;
    this.limits = limits;
    this.node = node;
    this.runs = new Runs(handler, this::wake);
    this.overload = new Overload(limits);
  }

  void start() {
    loop = Thread.ofPlatform().daemon().name("bus-dispatcher").start(this::dispatch);
  }

  void wake() {
    signal.release();
  }

  Runs runs() {
    return runs;
  }

  boolean stopping() {
    return stopping;
  }

  boolean broken() {
    return !stopping && loop != null && !loop.isAlive();
  }

  boolean overloaded() {
    return overload.overloaded();
  }

  private void dispatch() {
    log.debug("the bus takes work");
    Duration pause = Duration.ZERO;
    while (!stopping) {
      try {
        boolean _ = signal.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
        signal.drainPermits();
        pause = look();
      } catch (InterruptedException _) {
        return;
      } catch (RuntimeException | Error failure) {
        // Whatever woke this look is not lost: the next one comes by itself.
        pause = AFTER_FAILURE;
        if (!stopping) {
          log.warn("claiming work failed; the next look repeats it: {}", failure.toString());
        }
      }
    }
  }

  /// Claims and launches until nothing is ready.
  ///
  /// @return when to look again if nobody wakes
  private Duration look() {
    while (!stopping) {
      long now = System.nanoTime();
      Overload.Room room = overload.room(runs.active(), now);
      if (room.places() == 0) {
        return shorter(limits.lookEvery(), overload.overloadedIn(now).orElse(limits.lookEvery()));
      }
      LeaseStore.Look found =
          db.dispatch(tx -> store.claim(tx, node, room, served.inOrder(), limits));
      for (Claim claim : found.claims()) {
        served.add(claim.user());
        runs.launch(claim);
      }
      // As long as a look finds work, more may have become ready meanwhile.
      if (found.claims().isEmpty()) {
        return found.nextDue() == null
            ? limits.lookEvery()
            : shorter(limits.lookEvery(), found.nextDue());
      }
    }
    return Duration.ZERO;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /// Takes no more work, lets what runs finish for a while, then gives it back. Leases are to be
  /// kept meanwhile.
  @Override
  public void close() {
    stopping = true;
    wake();
    try {
      if (loop != null) {
        loop.join();
      }
      await(DRAIN);
      runs.stopAll(StopSignal.Reason.SHUTDOWN);
      await(HAND_BACK);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void await(Duration limit) throws InterruptedException {
    long until = System.nanoTime() + limit.toNanos();
    while (runs.active() > 0 && System.nanoTime() - until < 0) {
      boolean _ = signal.tryAcquire(50, TimeUnit.MILLISECONDS);
    }
  }
}
