package dev.artel.llm;

import dev.artel.llm.Resolution.Served;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A model in the test's hands behind the real door: usage and outcomes are those of the product,
/// only the answers are scripted. Closing it fails on a script that nobody called; a call without
/// script fails at once.
public final class ScriptedModel implements AutoCloseable {
  /// The provider and model that serve every request.
  public static final Served SERVED = new Served("scripted", "scripted-1", false);

  /// One scripted answer.
  public sealed interface Turn {}

  private record Say(List<String> pieces) implements Turn {}

  private record Fail(ModelErrorType type, List<String> pieces) implements Turn {}

  private record Halt(List<String> before, Gate gate, List<String> after) implements Turn {}

  private record Expect(String asking, Turn turn) implements Turn {}

  /// Answers with these pieces.
  public static Turn say(String... pieces) {
    return new Say(List.of(pieces));
  }

  /// Fails for good after these pieces, or before the first token without any.
  public static Turn fail(ModelErrorType type, String... pieces) {
    return new Fail(type, List.of(pieces));
  }

  /// Answers with `before`, stands still at the gate, and goes on with `after`. A cancel passes
  /// too.
  public static Turn halt(List<String> before, Gate gate, List<String> after) {
    return new Halt(List.copyOf(before), gate, List.copyOf(after));
  }

  /// Where a scripted answer stands still until the test lets it go on.
  public static final class Gate {
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch opened = new CountDownLatch(1);

    /// Waits until the answer stands here.
    public void awaitReached() throws InterruptedException {
      if (!reached.await(20, TimeUnit.SECONDS)) {
        throw new AssertionError("the model was not asked");
      }
    }

    public void open() {
      opened.countDown();
    }

    private void pass(Cancellation cancel) throws InterruptedException {
      reached.countDown();
      try (Cancellation.Registration _ = cancel.onCancel(opened::countDown)) {
        opened.await();
      }
    }
  }

  /// Like `turn`, when the current message is exactly `asking`.
  public static Turn expect(String asking, Turn turn) {
    return new Expect(asking, turn);
  }

  private final Deque<Turn> script;
  private final List<ModelRequest> requests = new ArrayList<>();
  private final Models models;

  private ScriptedModel(Clock clock, Turn... turns) {
    this.script = new ArrayDeque<>(Arrays.asList(turns));
    ModelSettings settings = ModelSettings.of(false, Map.of());
    this.models =
        new Models(
            settings, List.of(new Scripted()), new Network(settings.firstTokenTimeout()), clock);
  }

  public static ScriptedModel script(Turn... turns) {
    return new ScriptedModel(Clock.systemUTC(), turns);
  }

  public Models models() {
    return models;
  }

  /// What was asked so far.
  public synchronized List<ModelRequest> requests() {
    return List.copyOf(requests);
  }

  @Override
  public synchronized void close() {
    models.close();
    if (!script.isEmpty()) {
      throw new AssertionError(script.size() + " scripted answers were never asked for");
    }
  }

  private synchronized Turn take(ModelRequest request) {
    requests.add(request);
    Turn turn = script.poll();
    if (turn == null) {
      throw new AssertionError("an unexpected call of the model: " + request.messages().getLast());
    }
    if (turn instanceof Expect(String asking, Turn then)) {
      String asked = request.messages().getLast().text();
      if (!asked.equals(asking)) {
        throw new AssertionError("the model was asked '" + asked + "', not '" + asking + "'");
      }
      return then;
    }
    return turn;
  }

  private final class Scripted implements Provider {
    @Override
    public String id() {
      return SERVED.provider();
    }

    @Override
    public ProviderKind kind() {
      return ProviderKind.OPENAI;
    }

    @Override
    public ProviderSource source() {
      return ProviderSource.CONFIGURATION;
    }

    @Override
    public String defaultModel() {
      return SERVED.model();
    }

    @Override
    public PriceTable.@Nullable Price price(String model) {
      return new PriceTable.Price(BigDecimal.ONE, BigDecimal.TWO, null, null);
    }

    @Override
    public void stream(String model, ModelRequest request, Exchange exchange) {
      switch (take(request)) {
        case Say(List<String> pieces) -> {
          pieces.forEach(exchange::text);
          exchange.finish(FinishReason.STOP, new TokenCounts(10, pieces.size(), 0));
        }
        case Halt(List<String> before, Gate gate, List<String> after) -> {
          before.forEach(exchange::text);
          try {
            gate.pass(exchange.cancellation());
          } catch (InterruptedException _) {
            exchange.interrupted();
            return;
          }
          after.forEach(exchange::text);
          exchange.finish(
              FinishReason.STOP, new TokenCounts(10, before.size() + (long) after.size(), 0));
        }
        case Fail(ModelErrorType type, List<String> pieces) -> {
          pieces.forEach(exchange::text);
          exchange.fail(new ModelFault(type, "The scripted model failed.", false, Duration.ZERO));
        }
        case Expect _ -> throw new AssertionError("an expectation inside an expectation");
      }
    }

    @Override
    public Listing list() {
      return new Listing(null, List.of(new ModelInfo(SERVED.model(), 8000, true, null, null)));
    }
  }
}
