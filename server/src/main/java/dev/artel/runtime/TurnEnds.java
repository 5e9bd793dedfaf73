package dev.artel.runtime;

import dev.artel.agent.AgentVersion;
import dev.artel.agent.Agents;
import dev.artel.bus.Bus;
import dev.artel.bus.Claim;
import dev.artel.bus.ClaimLost;
import dev.artel.bus.TaskEnd;
import dev.artel.db.Db;
import dev.artel.db.Tx;
import dev.artel.protocol.FinishReason;
import dev.artel.protocol.Latency;
import dev.artel.protocol.Usage;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Stores how a run ended, in one transaction: in the journal, in the conversation, at the task and
/// at the agent.
final class TurnEnds {
  private static final int PREVIEW_CHARS = 200;

  private final Db db;
  private final Bus bus;
  private final UnderClaim under;
  private final Journal journal;
  private final Conversation conversation;
  private final Agents agents;
  private final TurnEvents told;
  private final RunLimits limits;

  TurnEnds(
      Db db,
      Bus bus,
      UnderClaim under,
      Journal journal,
      Conversation conversation,
      Agents agents,
      TurnEvents told,
      RunLimits limits) {
    this.db = db;
    this.bus = bus;
    this.under = under;
    this.journal = journal;
    this.conversation = conversation;
    this.agents = agents;
    this.told = told;
    this.limits = limits;
  }

  /// @param first written along when it is not yet
  void store(Run run, Next.End end, FirstToken first) {
    if (end instanceof Next.Drop) {
      rest(run.claim());
      return;
    }
    try {
      under.withConversation(
          run.claim(),
          UnderClaim.Write.END,
          tx -> {
            first.rest(tx);
            store(tx, run, end);
            return null;
          });
    } catch (ClaimLost lost) {
      throw lost;
    } catch (RuntimeException failure) {
      keepAnswer(run, end, first, failure);
      throw failure;
    }
  }

  /// An answer is paid for. When its end cannot be stored, it is kept alone, so that the next claim
  /// stores it and asks nobody.
  private void keepAnswer(Run run, Next.End end, FirstToken first, RuntimeException failure) {
    if (end instanceof Next.Finish(StepOutcome.Answered outcome)) {
      try {
        under.alone(
            run.claim(),
            UnderClaim.Write.STEP,
            tx -> {
              first.rest(tx);
              completeStep(tx, run, outcome);
            });
      } catch (RuntimeException late) {
        failure.addSuppressed(late);
      }
    }
  }

  private void completeStep(Tx tx, Run run, StepOutcome.Answered outcome) {
    if (run.start() instanceof Run.Start.Asking asking) {
      journal.complete(tx, run.claim(), asking.step(), outcome);
    }
  }

  private void store(Tx tx, Run run, Next.End end) {
    Claim claim = run.claim();
    switch (end) {
      case Next.Finish(StepOutcome.Answered outcome) -> {
        completeStep(tx, run, outcome);
        complete(tx, run, outcome.said(), outcome.finishReason());
      }
      case Next.Exhausted exhausted -> exhausted(tx, run, exhausted);
      case Next.Retry(StepOutcome.Broken outcome, Duration delay) -> {
        fail(tx, run, outcome, outcome.error(), outcome.errorType());
        bus.retry(tx, claim.user(), claim, delay, outcome.errorType());
        agents.idle(tx, claim.user(), claim.agent(), claim.session());
      }
      case Next.Fail(StepOutcome.Broken outcome) -> {
        fail(tx, run, outcome, outcome.error(), outcome.errorType());
        failed(tx, run, outcome.said(), FinishReason.ERROR, outcome.error(), outcome.errorType());
      }
      case Next.TimeUp(StepOutcome outcome) -> {
        String error =
            "The task used up its %d s of running time."
                .formatted(bus.limits().runningTime().toSeconds());
        fail(tx, run, outcome, error, "task_timeout");
        failed(tx, run, outcome.said(), FinishReason.LIMIT, error, "task_timeout");
      }
      case Next.Cancel(StepOutcome outcome) -> {
        fail(tx, run, outcome, null, "cancelled");
        Usage usage = journal.usage(tx, claim.user(), claim.task());
        conversation.end(
            tx,
            claim.user(),
            Conversation.Run.of(claim),
            run.turn(),
            new Conversation.TurnEnd.Cancelled(
                partial(run, outcome.said(), usage, FinishReason.CANCELLED)));
        end(
            tx,
            claim,
            run.agent(),
            new TaskEnd.Cancelled("stopped by the user", usage),
            run.took());
      }
      case Next.HandBack(StepOutcome outcome) -> {
        fail(tx, run, outcome, "The process stopped; the step is run again.", Journal.INTERRUPTED);
        bus.release(tx, claim.user(), claim);
        agents.idle(tx, claim.user(), claim.agent(), claim.session());
      }
      case Next.Drop() -> throw new IllegalStateException("nothing is written for what is gone");
    }
  }

  private void fail(Tx tx, Run run, StepOutcome outcome, @Nullable String error, String errorType) {
    if (run.start() instanceof Run.Start.Asking asking) {
      journal.fail(tx, run.claim(), asking.step(), outcome, error, errorType);
    }
  }

  private void complete(Tx tx, Run run, Said said, FinishReason reason) {
    Claim claim = run.claim();
    told.progress(tx, claim, 90, "answer complete");
    Answer answer = answer(run, said, journal.usage(tx, claim.user(), claim.task()), reason);
    conversation.end(
        tx,
        claim.user(),
        Conversation.Run.of(claim),
        run.turn(),
        new Conversation.TurnEnd.Answered(answer));
    String content = answer.content();
    end(
        tx,
        claim,
        run.agent(),
        new TaskEnd.Completed(
            Map.of("message_id", run.turn().answer().toString()), preview(content), answer.usage()),
        run.took());
  }

  private static String preview(String content) {
    return content.codePointCount(0, content.length()) <= PREVIEW_CHARS
        ? content
        : content.substring(0, content.offsetByCodePoints(0, PREVIEW_CHARS));
  }

  /// What was said until the limit was hit is the answer; without a word of it the task fails.
  private void exhausted(Tx tx, Run run, Next.Exhausted exhausted) {
    String error =
        "The task used up its limit of %d %s."
            .formatted(limits.of(exhausted.limit()), exhausted.limit().word().replace('_', ' '));
    Said partial = exhausted.partial();
    if (partial == null) {
      failed(tx, run, null, FinishReason.LIMIT, error, "limit");
    } else {
      told.error(tx, run.claim(), run.agent().name(), error, "limit");
      complete(tx, run, partial, FinishReason.LIMIT);
    }
  }

  private void failed(
      Tx tx, Run run, @Nullable Said said, FinishReason reason, String error, String errorType) {
    Claim claim = run.claim();
    Usage usage = journal.usage(tx, claim.user(), claim.task());
    conversation.end(
        tx,
        claim.user(),
        Conversation.Run.of(claim),
        run.turn(),
        new Conversation.TurnEnd.Failed(
            said == null ? null : partial(run, said, usage, reason),
            error,
            errorType,
            said == null ? "none" : said.provider(),
            said == null ? "none" : said.model()));
    told.error(tx, claim, run.agent().name(), error, errorType);
    end(tx, claim, run.agent(), new TaskEnd.Failed(error, errorType, usage), run.took());
  }

  /// Stores that the work is not taken up again: its process died too often.
  void refuse(Claim claim, AgentVersion agent, Duration took) {
    under.withConversation(
        claim,
        UnderClaim.Write.END,
        tx -> {
          Past _ = journal.open(tx, claim);
          var failed =
              new TaskEnd.Failed(
                  "The work was interrupted %d times and is not tried again."
                      .formatted(bus.limits().attemptsMax()),
                  Journal.INTERRUPTED,
                  journal.usage(tx, claim.user(), claim.task()));
          conversation.refuse(
              tx, claim.user(), Conversation.Run.of(claim), failed.error(), failed.errorType());
          told.error(tx, claim, agent.name(), failed.error(), failed.errorType());
          end(tx, claim, agent, failed, took);
          return null;
        });
  }

  /// Ends a task whose question is gone.
  void withoutQuestion(Tx tx, Claim claim, AgentVersion agent) {
    end(tx, claim, agent, new TaskEnd.Cancelled("message gone", null), Duration.ZERO);
  }

  private void end(Tx tx, Claim claim, AgentVersion agent, TaskEnd end, Duration took) {
    // The agent hears of it through the bus.
    bus.end(tx, claim.user(), claim, agent.name(), end, took);
  }

  /// There is nothing left to write, except that the agent, if it is still there, has one task
  /// less.
  void rest(Claim claim) {
    db.does(claim.user(), tx -> agents.idle(tx, claim.user(), claim.agent(), null));
  }

  private static @Nullable Answer partial(Run run, Said said, Usage usage, FinishReason reason) {
    return said.text().isEmpty() ? null : answer(run, said, usage, reason);
  }

  private static Answer answer(Run run, Said said, Usage usage, FinishReason reason) {
    Claim claim = run.claim();
    StructuredText text = StructuredText.of(said.text());
    Long firstToken = said.firstTokenMs();
    long queued = claim.waited().toMillis();
    return new Answer(
        text.content(),
        text.payload(),
        claim.agent(),
        run.agent().name(),
        said.provider(),
        said.model(),
        said.demo(),
        usage,
        new Latency(
            queued,
            firstToken == null ? null : queued + firstToken,
            queued + Math.max(run.took().toMillis(), firstToken == null ? 0 : firstToken)),
        reason,
        claim.attempt(),
        0);
  }
}
