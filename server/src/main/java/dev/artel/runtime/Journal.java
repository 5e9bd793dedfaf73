package dev.artel.runtime;

import dev.artel.bus.Bus;
import dev.artel.bus.Claim;
import dev.artel.db.Tx;
import dev.artel.event.Draft;
import dev.artel.event.EventLog;
import dev.artel.protocol.Event;
import dev.artel.protocol.StepKind;
import dev.artel.protocol.StepPhase;
import dev.artel.protocol.StepStatus;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.Usage;
import dev.artel.protocol.UserId;
import org.jspecify.annotations.Nullable;

/// The journal of tasks: each attempt of a step is begun once and ends once, and both are told.
/// Writes in transactions that hold the claim, so that a run that lost it writes nothing.
final class Journal {
  static final String INTERRUPTED = "interrupted";
  private static final int TITLE_CHARS_MAX = 200;

  private final Bus bus;
  private final EventLog events;
  private final StepStore store = new StepStore();

  Journal(Bus bus, EventLog events) {
    this.bus = bus;
    this.events = events;
  }

  /// A step that runs.
  record Running(int step, int attempt, StepKind kind, String title) {}

  /// Reads what earlier runs of the task left. A step that runs was cut off with its process: it
  /// ends here, and those who follow the task hear of it.
  Past open(Tx tx, Claim claim) {
    var past = new Past(store.past(tx, claim.user(), claim.task()));
    for (Past.Row row : past.rows()) {
      if (row.status() == StepStatus.RUNNING) {
        end(
            tx,
            claim,
            new Running(row.step(), row.attempt(), row.kind(), row.title()),
            new StepStore.End(
                StepStatus.FAILED,
                null,
                null,
                "The process that ran this step went away.",
                INTERRUPTED));
      }
    }
    return past;
  }

  /// Begins the next attempt of a step.
  Running begin(Tx tx, Claim claim, int step, JournalJson.ModelInput input) {
    String title = title(input);
    int attempt = store.begin(tx, claim.user(), claim.task(), step, StepKind.MODEL, title, input);
    var running = new Running(step, attempt, StepKind.MODEL, title);
    tell(tx, claim, running, StepPhase.STARTED, null, null, null);
    return running;
  }

  private static String title(JournalJson.ModelInput input) {
    String title = input.provider() + "/" + input.model();
    return title.length() <= TITLE_CHARS_MAX ? title : title.substring(0, TITLE_CHARS_MAX);
  }

  /// Notes that the first token came.
  void answering(Tx tx, Claim claim, Running step) {
    store.answering(tx, claim.user(), claim.task(), step.step(), step.attempt());
  }

  /// Keeps the answer: once this is committed it is never asked for again.
  void complete(Tx tx, Claim claim, Running step, StepOutcome.Answered outcome) {
    end(
        tx,
        claim,
        step,
        new StepStore.End(
            StepStatus.COMPLETED, JournalJson.output(outcome), outcome.said().usage(), null, null));
    // Steps are numbered from one, and none begins before the one before it is done.
    bus.stepsDone(tx, claim.user(), claim, step.step());
  }

  /// Keeps what came of a step that did not complete.
  void fail(
      Tx tx,
      Claim claim,
      Running step,
      StepOutcome outcome,
      @Nullable String error,
      String errorType) {
    end(
        tx,
        claim,
        step,
        new StepStore.End(
            StepStatus.FAILED,
            JournalJson.output(outcome),
            outcome.said().usage(),
            error,
            errorType));
  }

  private void end(Tx tx, Claim claim, Running step, StepStore.End end) {
    long took =
        store
            .end(tx, claim.user(), claim.task(), step.step(), step.attempt(), end)
            .orElseThrow(() ->
                new IllegalStateException(
                    "step %d of task %s ends twice".formatted(step.step(), claim.task())));
    StepPhase phase = end.status() == StepStatus.COMPLETED ? StepPhase.COMPLETED : StepPhase.FAILED;
    tell(tx, claim, step, phase, took, end.usage(), end.errorType());
  }

  /// What the task used so far, all its steps together.
  Usage usage(Tx tx, UserId user, TaskId task) {
    return store.usage(tx, user, task);
  }

  private void tell(
      Tx tx,
      Claim claim,
      Running step,
      StepPhase phase,
      @Nullable Long took,
      @Nullable Usage usage,
      @Nullable String errorType) {
    var event =
        new Event.TaskStep(
            claim.task(),
            claim.agent(),
            step.step(),
            step.kind(),
            step.title(),
            phase,
            step.attempt(),
            took,
            usage == null ? null : usage.tokensIn(),
            usage == null ? null : usage.tokensOut(),
            usage == null ? null : usage.costUsd(),
            errorType);
    events.append(
        tx, claim.user(), Draft.in(claim.project(), claim.session(), event).by(claim.agent()));
  }
}
