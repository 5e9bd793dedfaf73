package dev.artel.runtime;

import dev.artel.agent.AgentVersion;
import dev.artel.agent.Agents;
import dev.artel.bus.Bus;
import dev.artel.bus.Claim;
import dev.artel.bus.ClaimLost;
import dev.artel.bus.StopSignal;
import dev.artel.bus.TaskEnd;
import dev.artel.bus.TaskHandler;
import dev.artel.db.Db;
import dev.artel.db.Tx;
import dev.artel.event.Draft;
import dev.artel.event.EventLog;
import dev.artel.llm.Cancellation;
import dev.artel.llm.ModelErrorType;
import dev.artel.llm.ModelListener;
import dev.artel.llm.ModelMessage;
import dev.artel.llm.ModelOutcome;
import dev.artel.llm.ModelRequest;
import dev.artel.llm.Models;
import dev.artel.llm.Resolution;
import dev.artel.llm.TokenCounter;
import dev.artel.protocol.DeltaKind;
import dev.artel.protocol.Event;
import dev.artel.protocol.FinishReason;
import dev.artel.protocol.Latency;
import dev.artel.protocol.Usage;
import dev.artel.protocol.UserId;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Runs a direct turn: one transaction that takes the question up, one call of the model outside
/// any transaction, one transaction that stores how it ended.
final class Turns implements TaskHandler, AutoCloseable {
  private static final int PREVIEW_CHARS = 200;

  private final Db db;
  private final Bus bus;
  private final EventLog events;
  private final Agents agents;
  private final Models models;
  private final Conversation conversation;
  private final Answers answers;
  private final TokenCounter counter = TokenCounter.approximate();

  Turns(
      Db db,
      Bus bus,
      EventLog events,
      Agents agents,
      Models models,
      Conversation conversation,
      Answers answers) {
    this.db = db;
    this.bus = bus;
    this.events = events;
    this.agents = agents;
    this.models = models;
    this.conversation = conversation;
    this.answers = answers;
  }

  @Override
  public void run(Claim claim, StopSignal stop) throws InterruptedException {
    long start = System.nanoTime();
    UserId user = claim.user();
    Optional<AgentVersion> found =
        agents.running(user, claim.project(), claim.agent(), claim.agentVersion());
    if (found.isEmpty()) {
      return;
    }
    try {
      run(claim, found.get(), stop, start);
    } catch (ClaimLost lost) {
      rest(claim);
      throw lost;
    }
  }

  private void run(Claim claim, AgentVersion agent, StopSignal stop, long start)
      throws InterruptedException {
    UserId user = claim.user();
    if (claim.tries() > bus.limits().attemptsMax()) {
      db.does(user, tx -> refuse(tx, claim, agent, start));
      return;
    }
    Optional<Conversation.Turn> begun = db.as(user, tx -> begin(tx, claim, agent));
    if (begun.isEmpty()) {
      return;
    }
    Conversation.Turn turn = begun.get();
    Growing growing = answers.begin(claim, turn, agent.name());
    try {
      Reply reply = ask(claim, agent, turn, growing, stop);
      answers.complete(growing);
      boolean cut = reply.outcome() instanceof ModelOutcome.Cancelled;
      if (cut && stop.reason() == StopSignal.Reason.SHUTDOWN) {
        db.does(user, tx -> handBack(tx, claim));
      } else if (cut && stop.reason() == StopSignal.Reason.GONE) {
        rest(claim);
      } else {
        db.does(user, tx -> finish(tx, claim, agent, turn, reply, stop, start));
      }
    } finally {
      answers.end(growing);
    }
  }

  /// There is nothing left to write, except that the agent, if it is still there, has one task
  /// less.
  private void rest(Claim claim) {
    db.does(claim.user(), tx -> agents.idle(tx, claim.user(), claim.agent(), null));
  }

  /// Locks the conversation, then the task: the order in which everybody does who changes both.
  private void hold(Tx tx, Claim claim) {
    conversation.hold(tx, claim.user(), claim);
    bus.hold(tx, claim.user(), claim);
  }

  private Optional<Conversation.Turn> begin(Tx tx, Claim claim, AgentVersion agent) {
    UserId user = claim.user();
    hold(tx, claim);
    Optional<Conversation.Turn> turn = conversation.begin(tx, user, claim);
    if (turn.isEmpty()) {
      end(tx, claim, agent, new TaskEnd.Cancelled("message gone", null), Duration.ZERO);
      return turn;
    }
    tell(
        tx,
        claim,
        new Event.TaskStarted(claim.task(), claim.agent(), agent.name(), claim.attempt()));
    tell(
        tx,
        claim,
        new Event.DirectAgentCall(
            claim.agent(), agent.name(), claim.task(), turn.get().question(), turn.get().text()));
    agents.busy(tx, user, claim.agent(), claim.session());
    progress(tx, claim, 0, "claimed");
    progress(tx, claim, 20, "model called");
    return turn;
  }

  private record Reply(ModelOutcome outcome, Usage usage) {}

  /// Asks the model that serves this agent. Whatever goes wrong there is an outcome.
  private Reply ask(
      Claim claim, AgentVersion agent, Conversation.Turn turn, Growing growing, StopSignal stop)
      throws InterruptedException {
    Resolution.Served served =
        switch (models.resolve(agent.config().model(), baseUrl(agent))) {
          case Resolution.Served found -> found;
          case Resolution.NoModel _ -> null;
        };
    if (served == null) {
      return reply(noModel());
    }
    var messages = new ArrayList<ModelMessage>(History.fitting(turn.history(), counter));
    messages.add(new ModelMessage.User(turn.text()));
    var request =
        new ModelRequest(
            agent.config().systemPrompt(),
            messages,
            agent.config().temperature(),
            agent.config().maxTokens());
    var cancellation = new Cancellation();
    stop.onStop(cancellation::cancel);
    var listener =
        new ModelListener() {
          private boolean first = true;

          @Override
          public void onText(String piece) {
            firstToken();
            answers.add(growing, DeltaKind.TEXT, piece);
          }

          @Override
          public void onThinking(String piece) {
            firstToken();
            answers.add(growing, DeltaKind.THINKING, piece);
          }

          private void firstToken() {
            if (first) {
              first = false;
              db.does(claim.user(), tx -> answerBegins(tx, claim));
            }
          }
        };
    return reply(models.call(served, request, listener, cancellation));
  }

  private void answerBegins(Tx tx, Claim claim) {
    bus.hold(tx, claim.user(), claim);
    progress(tx, claim, 50, "answer begins");
  }

  private static @Nullable URI baseUrl(AgentVersion agent) {
    String url = agent.config().metadata().baseUrl();
    return url == null ? null : URI.create(url);
  }

  private static ModelOutcome noModel() {
    return new ModelOutcome.Failed(
        new Resolution.Served("none", "none", false),
        ModelErrorType.UNKNOWN,
        "No language model is configured. An operator must set one, for example ARTEL_OPENAI_API_KEY.",
        null,
        0,
        "",
        "",
        dev.artel.llm.Usage.NONE,
        new ModelOutcome.Latency(null, 0));
  }

  private static Reply reply(ModelOutcome outcome) {
    dev.artel.llm.Usage used = outcome.usage();
    return new Reply(
        outcome,
        new Usage(
            used.calls(), used.tokensIn(), used.tokensOut(), used.tokensCached(), used.costUsd()));
  }

  private void finish(
      Tx tx,
      Claim claim,
      AgentVersion agent,
      Conversation.Turn turn,
      Reply reply,
      StopSignal stop,
      long start) {
    UserId user = claim.user();
    hold(tx, claim);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    boolean overdue = stop.reason() == StopSignal.Reason.TIMEOUT;
    switch (reply.outcome()) {
      case ModelOutcome.Answered answered -> {
        Answer answer =
            answer(claim, agent, reply, FinishReason.valueOf(answered.finishReason().name()), took);
        progress(tx, claim, 90, "answer complete");
        conversation.end(tx, user, claim, turn, new Conversation.TurnEnd.Answered(answer));
        end(tx, claim, agent, completed(turn, answer), took);
      }
      case ModelOutcome.Cancelled _ when !overdue -> {
        Answer partial = partial(claim, agent, reply, FinishReason.CANCELLED, took);
        conversation.end(tx, user, claim, turn, new Conversation.TurnEnd.Cancelled(partial));
        end(tx, claim, agent, new TaskEnd.Cancelled("stopped by the user", reply.usage()), took);
      }
      case ModelOutcome.Cancelled _ ->
          fail(
              tx,
              claim,
              agent,
              turn,
              reply,
              partial(claim, agent, reply, FinishReason.LIMIT, took),
              new TaskEnd.Failed(
                  "The task used up its %d s of running time."
                      .formatted(bus.limits().runningTime().toSeconds()),
                  "task_timeout",
                  reply.usage()),
              took);
      case ModelOutcome.Failed failed ->
          fail(
              tx,
              claim,
              agent,
              turn,
              reply,
              partial(claim, agent, reply, FinishReason.ERROR, took),
              new TaskEnd.Failed(failed.message(), failed.errorType().wire(), reply.usage()),
              took);
    }
  }

  private void fail(
      Tx tx,
      Claim claim,
      AgentVersion agent,
      Conversation.Turn turn,
      Reply reply,
      @Nullable Answer partial,
      TaskEnd.Failed failed,
      Duration took) {
    conversation.end(
        tx,
        claim.user(),
        claim,
        turn,
        new Conversation.TurnEnd.Failed(
            partial,
            failed.error(),
            failed.errorType(),
            reply.outcome().served().provider(),
            reply.outcome().served().model()));
    error(tx, claim, agent, failed);
    end(tx, claim, agent, failed, took);
  }

  private void error(Tx tx, Claim claim, AgentVersion agent, TaskEnd.Failed failed) {
    tell(
        tx,
        claim,
        new Event.Failure(
            failed.error(),
            failed.errorType(),
            failed.error(),
            claim.agent(),
            agent.name(),
            claim.task()));
  }

  private void end(Tx tx, Claim claim, AgentVersion agent, TaskEnd end, Duration took) {
    bus.end(tx, claim.user(), claim, agent.name(), end, took);
    agents.idle(tx, claim.user(), claim.agent(), claim.session());
  }

  /// A task that was claimed too often: its process died each time.
  private void refuse(Tx tx, Claim claim, AgentVersion agent, long start) {
    hold(tx, claim);
    var failed =
        new TaskEnd.Failed(
            "The work was interrupted %d times and is not tried again."
                .formatted(bus.limits().attemptsMax()),
            "interrupted",
            null);
    conversation.refuse(tx, claim.user(), claim, failed.error(), failed.errorType());
    error(tx, claim, agent, failed);
    end(tx, claim, agent, failed, Duration.ofNanos(System.nanoTime() - start));
  }

  private void handBack(Tx tx, Claim claim) {
    bus.release(tx, claim.user(), claim);
    agents.idle(tx, claim.user(), claim.agent(), claim.session());
  }

  private static TaskEnd.Completed completed(Conversation.Turn turn, Answer answer) {
    String content = answer.content();
    return new TaskEnd.Completed(
        Map.of("message_id", turn.answer().toString()), preview(content), answer.usage());
  }

  private static String preview(String content) {
    return content.codePointCount(0, content.length()) <= PREVIEW_CHARS
        ? content
        : content.substring(0, content.offsetByCodePoints(0, PREVIEW_CHARS));
  }

  private static @Nullable Answer partial(
      Claim claim, AgentVersion agent, Reply reply, FinishReason reason, Duration took) {
    return reply.outcome().text().isEmpty() ? null : answer(claim, agent, reply, reason, took);
  }

  private static Answer answer(
      Claim claim, AgentVersion agent, Reply reply, FinishReason reason, Duration took) {
    ModelOutcome outcome = reply.outcome();
    StructuredText text = StructuredText.of(KeptText.of(outcome.text()));
    Long firstToken = outcome.latency().firstTokenMs();
    long queued = claim.waited().toMillis();
    return new Answer(
        text.content(),
        text.payload(),
        claim.agent(),
        agent.name(),
        outcome.served().provider(),
        outcome.served().model(),
        outcome.served().demo(),
        reply.usage(),
        new Latency(
            queued, firstToken == null ? null : queued + firstToken, queued + took.toMillis()),
        reason,
        claim.attempt(),
        0);
  }

  /// Ends the work before anything that it needs is closed: a model that goes away under a run
  /// would make a failure of what the next process can finish.
  @Override
  public void close() {
    bus.close();
  }

  private void progress(Tx tx, Claim claim, int percent, String message) {
    tell(tx, claim, new Event.TaskProgress(claim.task(), claim.agent(), percent, message));
  }

  private void tell(Tx tx, Claim claim, Event.Logged event) {
    events.append(
        tx, claim.user(), Draft.in(claim.project(), claim.session(), event).by(claim.agent()));
  }
}
