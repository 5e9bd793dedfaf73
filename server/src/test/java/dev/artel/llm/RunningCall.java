package dev.artel.llm;

import dev.artel.llm.Resolution.Served;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A call on a virtual thread of its own, for tests that act while it runs.
final class RunningCall {
  final Heard heard = new Heard();
  final Cancellation cancel = new Cancellation();
  private final FutureTask<ModelOutcome> task;
  private final Thread thread;

  RunningCall(Models models, Served served, ModelRequest request) {
    task = new FutureTask<>(() -> models.call(served, request, heard, cancel));
    thread = Thread.ofVirtual().start(task);
  }

  void interrupt() {
    thread.interrupt();
  }

  ModelOutcome outcome() throws InterruptedException, ExecutionException, TimeoutException {
    return task.get(20, TimeUnit.SECONDS);
  }
}
