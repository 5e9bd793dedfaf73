package dev.artel.bus;

import dev.artel.db.Db;
import dev.artel.protocol.TaskId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Claims tasks and gives each a virtual thread; keeps their leases; tells them to stop. Local work
/// starts straight after the commit that submitted it; the pause between looks is a safety net.
final class Dispatcher implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final Duration DRAIN = Duration.ofSeconds(10);
  private static final Duration HAND_BACK = Duration.ofSeconds(2);

  /// A lease outlives three renewals that fail.
  private static final int RENEWALS_PER_LEASE = 4;

  private final Db db;
  private final LeaseStore store;
  private final TaskHandler handler;
  private final BusLimits limits;
  private final UUID node;
  private final Waiters waiters;
  private final Map<TaskId, Running> running = new ConcurrentHashMap<>();
  private final Semaphore signal = new Semaphore(0);
  private volatile boolean stopping;
  private volatile boolean closed;
  private @Nullable Thread loop;
  private @Nullable Thread keeper;

  private record Running(Claim claim, StopSignal stop, long deadlineNanos) {}

  Dispatcher(
      Db db, LeaseStore store, TaskHandler handler, BusLimits limits, UUID node, Waiters waiters) {
    this.db = db;
    this.store = store;
    this.handler = handler;
    this.limits = limits;
    this.node = node;
    this.waiters = waiters;
  }

  void start() {
    loop = Thread.ofPlatform().daemon().name("bus-dispatcher").start(this::dispatch);
    keeper = Thread.ofPlatform().daemon().name("bus-lease-keeper").start(this::keep);
  }

  void wake() {
    signal.release();
  }

  private void dispatch() {
    log.debug("the bus takes work");
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
    while (!closed) {
      try {
        Thread.sleep(limits.lease().dividedBy(RENEWALS_PER_LEASE));
        stopOverdue();
        renew();
        if (!stopping) {
          reclaim();
        }
      } catch (InterruptedException _) {
        return;
      } catch (RuntimeException failure) {
        if (!closed) {
          log.warn("keeping leases failed; the next round repeats it: {}", failure.toString());
        }
      }
    }
  }

  /// Keeps the leases of what runs here, and of nothing else: the task of a run that broke off must
  /// be offered again. What was lost or deleted meanwhile need not run on.
  void renew() {
    List<Running> mine = List.copyOf(running.values());
    if (mine.isEmpty()) {
      return;
    }
    List<Claim> claims = mine.stream().map(Running::claim).toList();
    Map<TaskId, Boolean> kept = db.dispatch(tx -> store.renew(tx, node, limits.lease(), claims));
    for (Running run : mine) {
      Boolean stopRequested = kept.get(run.claim().task());
      if (stopRequested == null) {
        run.stop().stop(StopSignal.Reason.GONE);
        waiters.letGo(run.claim().task());
      } else if (stopRequested) {
        run.stop().stop(StopSignal.Reason.USER);
      }
    }
  }

  private void reclaim() {
    int offered = db.dispatch(store::reclaim);
    if (offered > 0) {
      log.info("{} tasks whose lease ended are offered again", offered);
      wake();
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

  /// Tells those of the tasks that run in this process to stop.
  void stop(Set<TaskId> tasks, StopSignal.Reason reason) {
    for (TaskId task : tasks) {
      Running run = running.get(task);
      if (run != null) {
        run.stop().stop(reason);
      }
    }
  }

  int active() {
    return running.size();
  }

  /// Takes no more work, lets what runs finish for a while, then gives it back. Leases are kept to
  /// the end.
  @Override
  public void close() {
    stopping = true;
    wake();
    try {
      if (loop != null) {
        loop.join();
      }
      await(DRAIN);
      stop(Set.copyOf(running.keySet()), StopSignal.Reason.SHUTDOWN);
      await(HAND_BACK);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    closed = true;
    if (keeper != null) {
      keeper.interrupt();
    }
  }

  private void await(Duration limit) throws InterruptedException {
    long until = System.nanoTime() + limit.toNanos();
    while (!running.isEmpty() && System.nanoTime() - until < 0) {
      boolean _ = signal.tryAcquire(50, TimeUnit.MILLISECONDS);
    }
  }
}
