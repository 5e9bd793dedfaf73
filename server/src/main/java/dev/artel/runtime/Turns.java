package dev.artel.runtime;

import dev.artel.agent.AgentVersion;
import dev.artel.agent.Agents;
import dev.artel.bus.Bus;
import dev.artel.bus.Claim;
import dev.artel.bus.ClaimLost;
import dev.artel.bus.StopSignal;
import dev.artel.bus.TaskHandler;
import dev.artel.db.Tx;
import dev.artel.llm.ModelMessage;
import dev.artel.llm.ModelRequest;
import dev.artel.llm.Models;
import dev.artel.llm.Resolution;
import dev.artel.llm.TokenCounter;
import dev.artel.protocol.Usage;
import dev.artel.protocol.UserId;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Runs a direct turn: takes the question up in one transaction, lets the loop run outside any, and
/// has its end stored in another.
final class Turns implements TaskHandler, AutoCloseable {
  private final Bus bus;
  private final Agents agents;
  private final Models models;
  private final Conversation conversation;
  private final Answers answers;
  private final UnderClaim under;
  private final Journal journal;
  private final LoopMachine machine;
  private final AgentLoop loop;
  private final TurnEvents told;
  private final TurnEnds ends;
  private final TokenCounter counter = TokenCounter.approximate();

  Turns(
      Bus bus,
      Agents agents,
      Models models,
      Conversation conversation,
      Answers answers,
      UnderClaim under,
      Journal journal,
      LoopMachine machine,
      AgentLoop loop,
      TurnEvents told,
      TurnEnds ends) {
    this.bus = bus;
    this.agents = agents;
    this.models = models;
    this.conversation = conversation;
    this.answers = answers;
    this.under = under;
    this.journal = journal;
    this.machine = machine;
    this.loop = loop;
    this.told = told;
    this.ends = ends;
  }

  @Override
  public void run(Claim claim, StopSignal stop) throws InterruptedException {
    long begunNanos = System.nanoTime();
    Optional<AgentVersion> found =
        agents.running(claim.user(), claim.project(), claim.agent(), claim.agentVersion());
    if (found.isEmpty()) {
      return;
    }
    try {
      run(claim, found.get(), stop, begunNanos);
    } catch (ClaimLost lost) {
      ends.rest(claim);
      throw lost;
    }
  }

  private void run(Claim claim, AgentVersion agent, StopSignal stop, long begunNanos)
      throws InterruptedException {
    if (claim.tries() > bus.limits().attemptsMax()) {
      ends.refuse(claim, agent, Duration.ofNanos(System.nanoTime() - begunNanos));
      return;
    }
    // Asked before the transaction, because it may ask a provider which models it has.
    Resolution answering = models.resolve(agent.config().model(), baseUrl(agent));
    Optional<Run> taken =
        under.withConversation(
            claim,
            UnderClaim.Write.TAKE_UP,
            tx -> takeUp(tx, claim, agent, answering, stop, begunNanos));
    if (taken.isEmpty()) {
      return;
    }
    Run run = taken.get();
    Growing growing = answers.begin(claim, run.turn(), agent.name());
    try {
      FirstToken first = loop.firstToken(run);
      ends.store(run, loop.run(run, growing, first), first);
    } finally {
      answers.end(growing);
    }
  }

  private static @Nullable URI baseUrl(AgentVersion agent) {
    String url = agent.config().metadata().baseUrl();
    return url == null ? null : URI.create(url);
  }

  private Optional<Run> takeUp(
      Tx tx,
      Claim claim,
      AgentVersion agent,
      Resolution answering,
      StopSignal stop,
      long begunNanos) {
    UserId user = claim.user();
    Past past = journal.open(tx, claim);
    Optional<Conversation.Turn> turn = conversation.begin(tx, user, Conversation.Run.of(claim));
    if (turn.isEmpty()) {
      ends.withoutQuestion(tx, claim, agent);
      return Optional.empty();
    }
    told.begun(tx, claim, agent.name(), turn.get(), past);
    agents.busy(tx, user, claim.agent(), claim.session());
    Run.Start start =
        switch (machine.first(past)) {
          case Next.End end -> new Run.Start.Over(end);
          case Next.CallModel(int step) ->
              switch (answering) {
                case Resolution.Served served -> {
                  ModelRequest request = request(agent, turn.get());
                  var input = JournalJson.ModelInput.of(served, request);
                  yield new Run.Start.Asking(
                      journal.begin(tx, claim, step, input), served, request);
                }
                case Resolution.NoModel _ -> new Run.Start.Over(new Next.Fail(noModel()));
              };
        };
    return Optional.of(new Run(claim, agent, stop, begunNanos, turn.get(), past, start));
  }

  private ModelRequest request(AgentVersion agent, Conversation.Turn turn) {
    var messages = new ArrayList<ModelMessage>(History.fitting(turn.history(), counter));
    messages.add(new ModelMessage.User(turn.text()));
    return new ModelRequest(
        agent.config().systemPrompt(),
        messages,
        agent.config().temperature(),
        agent.config().maxTokens());
  }

  private static StepOutcome.Broken noModel() {
    return new StepOutcome.Broken(
        new Said(
            "", "", "none", "none", false, new Usage(0, 0, 0, 0, BigDecimal.ZERO), false, null, 0),
        "No language model is configured. An operator must set one, for example ARTEL_OPENAI_API_KEY.",
        "unknown",
        false,
        null);
  }

  /// Ends the work before anything that it needs is closed: a model that goes away under a run
  /// would make a failure of what the next process can finish.
  @Override
  public void close() {
    bus.close();
  }
}
