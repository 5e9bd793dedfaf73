package dev.artel.bus;

import dev.artel.db.Db;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.TaskStatus;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/// What a process that takes work consists of: the dispatcher, the keeper of its leases, and the
/// herald between processes.
final class Worker implements AutoCloseable {
  private static final Duration CENSUS_EVERY = Duration.ofSeconds(10);

  private final Db db;
  private final BusLimits limits;
  private final BusMeters meters;
  private final Dispatcher dispatcher;
  private final Herald herald;
  private final Keeper keeper;
  private final QueueStore queues = new QueueStore();
  private long censusAt = System.nanoTime();

  private Worker(
      Db db,
      TaskHandler handler,
      BusLimits limits,
      UUID node,
      Waiters waiters,
      BusMeters meters,
      Runnable round) {
    this.db = db;
    this.limits = limits;
    this.meters = meters;
    TaskHandler measured =
        (claim, stop) -> {
          if (claim.attempt() == 1) {
            meters.started(claim.waited());
          }
          handler.run(claim, stop);
        };
    dispatcher = new Dispatcher(db, new LeaseStore(), measured, limits, node);
    herald = new Herald(db, node, ear(waiters));
    keeper =
        new Keeper(
            db, dispatcher, herald, limits, node, waiters::letGo, List.of(round, this::census));
  }

  static Worker start(
      Db db,
      TaskHandler handler,
      BusLimits limits,
      UUID node,
      Waiters waiters,
      BusMeters meters,
      Runnable round) {
    var worker = new Worker(db, handler, limits, node, waiters, meters, round);
    meters.watch(worker::active, () -> worker.overloaded() ? 1 : 0);
    worker.keeper.start();
    worker.herald.start();
    worker.dispatcher.start();
    return worker;
  }

  private Herald.Ear ear(Waiters waiters) {
    return new Herald.Ear() {
      @Override
      public void work() {
        dispatcher.wake();
      }

      @Override
      public void ended(TaskId task, TaskStatus status) {
        waiters.tell(task, status);
        // Its agent has a place, its session a turn.
        dispatcher.wake();
      }

      @Override
      public void stop(TaskId task) {
        dispatcher.runs().stop(Set.of(task), StopSignal.Reason.USER);
      }
    };
  }

  /// There is work, or room for it: here at once, elsewhere soon.
  void work() {
    dispatcher.wake();
    herald.work();
  }

  void ended(TaskId task, TaskStatus status) {
    herald.ended(task, status);
  }

  void stop(Set<TaskId> tasks, StopSignal.Reason reason) {
    dispatcher.runs().stop(tasks, reason);
    if (reason == StopSignal.Reason.USER) {
      tasks.forEach(herald::stop);
    }
  }

  int active() {
    return dispatcher.runs().active();
  }

  /// Whether one of its threads died, which none of them should.
  boolean broken() {
    return dispatcher.broken() || (keeper.broken() && !dispatcher.stopping());
  }

  boolean overloaded() {
    return dispatcher.overloaded();
  }

  boolean hearsOthers() {
    return herald.others();
  }

  private void census() {
    long now = System.nanoTime();
    if (now - censusAt >= CENSUS_EVERY.toNanos()) {
      censusAt = now;
      meters.census(db.dispatch(tx -> queues.census(tx, limits.alertAt())));
    }
  }

  /// Takes no more work, lets what runs end for a while, and hands the rest back. Leases are kept
  /// to the end.
  @Override
  public void close() {
    dispatcher.close();
    keeper.close();
    herald.close();
  }
}
