package dev.artel.bus;

import dev.artel.db.Db;
import dev.artel.protocol.TaskId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Claims tasks and gives each a virtual thread; keeps their leases; tells them to stop. Local work
/// starts straight after the commit that submitted it; the pause between looks is a safety net.
final class Dispatcher implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final Duration RENEW_EVERY = Duration.ofSeconds(2);
  private static final Duration DRAIN = Duration.ofSeconds(10);

  private final Db db;
  private final TaskStore store;
  private final TaskHandler handler;
  private final BusLimits limits;
  private final UUID node;
  private final Map<TaskId, Running> running = new ConcurrentHashMap<>();
  private final Semaphore signal = new Semaphore(0);
  private volatile boolean stopping;
  private @Nullable Thread loop;
  private @Nullable Thread keeper;

  private record Running(Claim claim, StopSignal stop, long deadlineNanos) {}

  Dispatcher(Db db, TaskStore store, TaskHandler handler, BusLimits limits, UUID node) {
    this.db = db;
    this.store = store;
    this.handler = handler;
    this.limits = limits;
    this.node = node;
  }

  void start() {
    loop = Thread.ofPlatform().daemon().name("bus-dispatcher").start(this::dispatch);
    keeper = Thread.ofPlatform().daemon().name("bus-lease-keeper").start(this::keep);
  }

  void wake() {
    signal.release();
  }

  private void dispatch() {
    log.info("the bus takes work");
    while (!stopping) {
      try {
        boolean _ = signal.tryAcquire(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        signal.drainPermits();
        while (!stopping && runOnce() > 0) {
          // As long as a look finds work, more may have become ready meanwhile.
        }
      } catch (InterruptedException _) {
        return;
      } catch (RuntimeException failure) {
        if (!stopping) {
          log.warn("claiming work failed; the next look repeats it: {}", failure.toString());
        }
      }
    }
  }

  /// Claims what is ready and starts it.
  ///
  /// @return how many tasks were started
  int runOnce() {
    int slots = limits.runningPerNode() - running.size();
    if (slots <= 0) {
      return 0;
    }
    List<Claim> claims = db.dispatch(tx -> store.claim(tx, node, slots, limits));
    claims.forEach(this::launch);
    return claims.size();
  }

  private void launch(Claim claim) {
    var run = new Running(claim, new StopSignal(), System.nanoTime() + claim.remaining().toNanos());
    running.put(claim.task(), run);
    Thread.ofVirtual()
        .name("task-" + claim.task())
        .start(() -> {
          try {
            handler.run(claim, run.stop());
          } catch (ClaimLost lost) {
            log.info("{}; what it had done is dropped", lost.getMessage());
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          } catch (RuntimeException failure) {
            log.error("a task's run broke off; it is offered again when its lease ends", failure);
          } finally {
            running.remove(claim.task(), run);
            wake();
          }
        });
  }

  private void keep() {
    while (!stopping) {
      try {
        Thread.sleep(RENEW_EVERY);
        stopOverdue();
        int offered =
            db.dispatch(tx -> {
              store.renew(tx, node, limits.lease());
              return store.reclaim(tx);
            });
        if (offered > 0) {
          log.info("{} tasks of a silent process are offered again", offered);
          wake();
        }
      } catch (InterruptedException _) {
        return;
      } catch (RuntimeException failure) {
        if (!stopping) {
          log.warn("keeping leases failed; the next round repeats it: {}", failure.toString());
        }
      }
    }
  }

  private void stopOverdue() {
    long now = System.nanoTime();
    for (Running run : running.values()) {
      if (now - run.deadlineNanos() > 0) {
        run.stop().stop(StopSignal.Reason.TIMEOUT);
      }
    }
  }

  /// Tells the running tasks that match to stop; whether there were any in this process.
  boolean stop(Predicate<Claim> which, StopSignal.Reason reason) {
    boolean found = false;
    for (Running run : running.values()) {
      if (which.test(run.claim())) {
        run.stop().stop(reason);
        found = true;
      }
    }
    return found;
  }

  int active() {
    return running.size();
  }

  /// Takes no more work, lets what runs finish for a while, then gives it back.
  @Override
  public void close() {
    stopping = true;
    wake();
    long until = System.nanoTime() + DRAIN.toNanos();
    await(until);
    stop(_ -> true, StopSignal.Reason.SHUTDOWN);
    await(System.nanoTime() + Duration.ofSeconds(2).toNanos());
    if (loop != null) {
      loop.interrupt();
    }
    if (keeper != null) {
      keeper.interrupt();
    }
  }

  private void await(long untilNanos) {
    try {
      while (!running.isEmpty() && System.nanoTime() - untilNanos < 0) {
        boolean _ = signal.tryAcquire(50, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
