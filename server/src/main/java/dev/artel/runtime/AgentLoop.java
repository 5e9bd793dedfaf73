package dev.artel.runtime;

import dev.artel.llm.Cancellation;
import dev.artel.llm.ModelListener;
import dev.artel.llm.Models;
import dev.artel.protocol.DeltaKind;
import java.util.random.RandomGenerator;

/// The loop of an agent: does the step that a run begins with and asks what follows it. As long as
/// no outcome asks for a second step, each run has one. No transaction is open while a model is
/// asked.
final class AgentLoop {
  private final UnderClaim under;
  private final Journal journal;
  private final Models models;
  private final LoopMachine machine;
  private final Answers answers;
  private final TurnEvents told;
  private final CrashPoint crashes;
  private final RandomGenerator dice;

  AgentLoop(
      UnderClaim under,
      Journal journal,
      Models models,
      LoopMachine machine,
      Answers answers,
      TurnEvents told,
      CrashPoint crashes,
      RandomGenerator dice) {
    this.under = under;
    this.journal = journal;
    this.models = models;
    this.machine = machine;
    this.answers = answers;
    this.told = told;
    this.crashes = crashes;
    this.dice = dice;
  }

  /// The note of this run's first token, still to come.
  FirstToken firstToken(Run run) {
    return new FirstToken(
        tx -> {
          if (run.start() instanceof Run.Start.Asking asking) {
            journal.answering(tx, run.claim(), asking.step());
          }
          // Progress never falls, so what an earlier attempt told is not told again.
          if (!run.past().answering()) {
            told.progress(tx, run.claim(), 50, "answer begins");
          }
        },
        note -> under.alone(run.claim(), UnderClaim.Write.FIRST_TOKEN, note));
  }

  /// Runs from what the run begins with to its end. Blocks while the model answers. A step that the
  /// end follows at once is stored with it.
  Next.End run(Run run, Growing growing, FirstToken first) throws InterruptedException {
    return switch (run.start()) {
      case Run.Start.Over(Next.End end) -> end;
      case Run.Start.Asking asking -> {
        StepOutcome outcome = ask(run, asking, growing, first);
        first.settle();
        yield machine.after(outcome, run.stop().reason(), run.claim().retries(), dice);
      }
    };
  }

  /// Asks the model once. Whatever goes wrong there is an outcome.
  private StepOutcome ask(Run run, Run.Start.Asking asking, Growing growing, FirstToken first)
      throws InterruptedException {
    var cancellation = new Cancellation();
    run.stop().onStop(cancellation::cancel);
    var listener =
        new ModelListener() {
          @Override
          public void onText(String piece) {
            hear(DeltaKind.TEXT, piece);
          }

          @Override
          public void onThinking(String piece) {
            hear(DeltaKind.THINKING, piece);
          }

          private void hear(DeltaKind kind, String piece) {
            first.came(cancellation::cancel);
            answers.add(growing, kind, piece);
          }
        };
    crashes.reached("model.calling");
    StepOutcome outcome =
        StepOutcome.of(models.call(asking.served(), asking.request(), listener, cancellation));
    crashes.reached("model.called");
    answers.complete(growing);
    return outcome;
  }
}
