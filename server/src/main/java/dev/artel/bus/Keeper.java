package dev.artel.bus;

import dev.artel.db.Db;
import dev.artel.protocol.TaskId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a process does every quarter of a lease: it gives a sign of life, keeps the leases of what
/// runs here, ends what ran too long, takes over what another process left, and lets agents go.
final class Keeper implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Keeper.class);

  /// A lease outlives three renewals that fail.
  private static final int RENEWALS_PER_LEASE = 4;

  private static final Duration LAST_ROUND = Duration.ofSeconds(1);

  private final Db db;
  private final LeaseStore leases = new LeaseStore();
  private final NodeStore nodes = new NodeStore();
  private final Dispatcher dispatcher;
  private final Herald herald;
  private final BusLimits limits;
  private final UUID node;
  private final Consumer<TaskId> lost;
  private final List<Runnable> rounds;
  private volatile boolean closed;
  private @Nullable Thread thread;

  /// @param lost called with a task whose claim is another's or gone
  /// @param rounds what else is due each time, as long as this process takes work
  Keeper(
      Db db,
      Dispatcher dispatcher,
      Herald herald,
      BusLimits limits,
      UUID node,
      Consumer<TaskId> lost,
      List<Runnable> rounds) {
    this.db = db;
    this.dispatcher = dispatcher;
    this.herald = herald;
    this.limits = limits;
    this.node = node;
    this.lost = lost;
    this.rounds = List.copyOf(rounds);
  }

  void start() {
    beat();
    thread = Thread.ofPlatform().daemon().name("bus-lease-keeper").start(this::keep);
  }

  private void keep() {
    while (!closed) {
      try {
        Thread.sleep(limits.lease().dividedBy(RENEWALS_PER_LEASE));
        // The leases come first: whatever else fails, what runs here stays ours.
        dispatcher.runs().stopOverdue();
        renew();
        beat();
        if (!dispatcher.stopping()) {
          reclaim();
          rounds.forEach(Runnable::run);
        }
      } catch (InterruptedException _) {
        return;
      } catch (RuntimeException | Error failure) {
        if (!closed) {
          log.warn("keeping leases failed; the next round repeats it: {}", failure.toString());
        }
      }
    }
  }

  private void beat() {
    herald.others(db.dispatch(tx -> nodes.beat(tx, node, dispatcher.runs().active(), limits)));
  }

  /// Keeps the leases of what runs here, and of nothing else: the task of a run that broke off must
  /// be offered again. What was lost or deleted meanwhile need not run on.
  private void renew() {
    List<Runs.Run> mine = dispatcher.runs().all();
    if (mine.isEmpty()) {
      return;
    }
    List<Claim> claims = mine.stream().map(Runs.Run::claim).toList();
    Map<TaskId, Boolean> kept = db.dispatch(tx -> leases.renew(tx, node, limits.lease(), claims));
    for (Runs.Run run : mine) {
      Boolean stopRequested = kept.get(run.claim().task());
      dispatcher.runs().kept(run, stopRequested);
      if (stopRequested == null) {
        lost.accept(run.claim().task());
      }
    }
  }

  private void reclaim() {
    int offered = db.dispatch(leases::reclaim);
    if (offered > 0) {
      log.info("{} tasks whose lease ended are offered again", offered);
      dispatcher.wake();
      herald.work();
    }
  }

  boolean broken() {
    return !closed && thread != null && !thread.isAlive();
  }

  @Override
  public void close() {
    closed = true;
    try {
      if (thread != null) {
        thread.interrupt();
        thread.join(LAST_ROUND);
      }
      db.dispatch(tx -> {
        nodes.leave(tx, node);
        return true;
      });
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException failure) {
      log.info("this process will be missed only by its silence: {}", failure.toString());
    }
  }
}
