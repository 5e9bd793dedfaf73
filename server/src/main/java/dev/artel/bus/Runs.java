package dev.artel.bus;

import dev.artel.protocol.TaskId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The tasks that run in this process, each on a virtual thread of its own. However a run ends, it
/// takes nothing with it.
final class Runs {
  private static final Logger log = LoggerFactory.getLogger(Runs.class);

  private final TaskHandler handler;
  private final Runnable ended;
  private final Map<TaskId, Run> running = new ConcurrentHashMap<>();

  /// @param deadlineNanos when its running time is used up
  record Run(Claim claim, StopSignal stop, long deadlineNanos) {}

  /// @param ended called after each run, when its place is free again
  Runs(TaskHandler handler, Runnable ended) {
    this.handler = handler;
    this.ended = ended;
  }

  /// Begins to run a task. A claim that runs here already goes on alone: its task can be claimed
  /// under the same number again when the database crashed and lost the first claim, and two runs
  /// under one number could not be told apart. A run under an earlier number is left behind; it
  /// writes nothing any more.
  void launch(Claim claim) {
    // One thread claims and launches, so that nothing comes between the look and the launch.
    Run here = running.get(claim.task());
    if (here != null && here.claim().fence() == claim.fence()) {
      log.info("the claim of task {} was lost and made again; its run goes on", claim.task());
      return;
    }
    var run = new Run(claim, new StopSignal(), System.nanoTime() + claim.remaining().toNanos());
    running.put(claim.task(), run);
    Thread.ofVirtual().name("task-" + claim.task()).start(() -> run(run));
  }

  private void run(Run run) {
    try {
      handler.run(run.claim(), run.stop());
    } catch (ClaimLost lost) {
      log.info("{}; what it had done is dropped", lost.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error failure) {
      log.error("a task's run broke off; it is offered again when its lease ends", failure);
    } finally {
      running.remove(run.claim().task(), run);
      ended.run();
    }
  }

  int active() {
    return running.size();
  }

  List<Run> all() {
    return List.copyOf(running.values());
  }

  /// Tells those of the tasks that run here to stop.
  void stop(Set<TaskId> tasks, StopSignal.Reason reason) {
    for (TaskId task : tasks) {
      Run run = running.get(task);
      if (run != null) {
        run.stop().stop(reason);
      }
    }
  }

  void stopAll(StopSignal.Reason reason) {
    stop(Set.copyOf(running.keySet()), reason);
  }

  void stopOverdue() {
    long now = System.nanoTime();
    for (Run run : running.values()) {
      if (now - run.deadlineNanos() > 0) {
        run.stop().stop(StopSignal.Reason.TIMEOUT);
      }
    }
  }

  /// Told about a task: whether its user asked to stop it, or nothing when the claim is lost.
  void kept(Run run, @Nullable Boolean stopRequested) {
    if (stopRequested == null) {
      run.stop().stop(StopSignal.Reason.GONE);
    } else if (stopRequested) {
      run.stop().stop(StopSignal.Reason.USER);
    }
  }
}
