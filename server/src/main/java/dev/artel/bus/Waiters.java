package dev.artel.bus;

import dev.artel.protocol.TaskId;
import dev.artel.protocol.TaskStatus;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Those in this process who wait for a task to end or to pause.
final class Waiters {
  private final Map<TaskId, Set<Waiter>> waiting = new ConcurrentHashMap<>();
  private volatile boolean released;

  /// One who waits. Closing it stops waiting.
  final class Waiter implements Bus.Wait {
    private final TaskId task;
    private final CountDownLatch told = new CountDownLatch(1);
    private volatile @Nullable TaskStatus status;

    Waiter(TaskId task) {
      this.task = task;
    }

    @Override
    public Optional<TaskStatus> await(Duration limit) throws InterruptedException {
      if (!released) {
        boolean _ = told.await(limit.toMillis(), TimeUnit.MILLISECONDS);
      }
      return Optional.ofNullable(status);
    }

    @Override
    public void close() {
      waiting.computeIfPresent(
          task,
          (_, waiters) -> {
            waiters.remove(this);
            return waiters.isEmpty() ? null : waiters;
          });
    }
  }

  Waiter expect(TaskId task) {
    var waiter = new Waiter(task);
    waiting.compute(
        task,
        (_, waiters) -> {
          Set<Waiter> all = waiters == null ? ConcurrentHashMap.newKeySet() : waiters;
          all.add(waiter);
          return all;
        });
    return waiter;
  }

  void tell(TaskId task, TaskStatus status) {
    Set<Waiter> waiters = waiting.get(task);
    if (waiters != null) {
      for (Waiter waiter : waiters) {
        waiter.status = status;
        waiter.told.countDown();
      }
    }
  }

  /// Lets those go who wait for a task of which this process will hear no more.
  void letGo(TaskId task) {
    waiting.getOrDefault(task, Set.of()).forEach(waiter -> waiter.told.countDown());
  }

  /// Lets everybody go with what they know.
  void releaseAll() {
    released = true;
    waiting.values().forEach(waiters -> waiters.forEach(waiter -> waiter.told.countDown()));
  }
}
