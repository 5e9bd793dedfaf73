package dev.artel.llm;

import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One attempt at one answer: what came so far and how it ended. The first end counts; pieces that
/// come after it are dropped. Confined to the calling thread, but for the cancellation.
final class Exchange {
  // A provider that ignores the token limit must not fill memory, log and disk. No vocabulary in
  // use averages this many characters a token over a whole answer.
  private static final int CHARS_PER_TOKEN_MAX = 32;
  private static final int CHARS_MAX_AT_LEAST = 1 << 16;

  /// How an attempt ended.
  sealed interface End {
    /// `counts` is null when the provider sent none.
    record Finished(FinishReason reason, @Nullable TokenCounts counts) implements End {}

    record Broken(ModelFault fault) implements End {}

    record Cancelled() implements End {}

    /// The listener threw; its exception goes to the caller as it is.
    record ListenerThrew(RuntimeException thrown) implements End {}

    record Interrupted() implements End {}
  }

  private final ModelListener listener;
  private final Cancellation cancel;
  private final Clock clock;
  private final Patience patience;
  private final long charsMax;
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder thinking = new StringBuilder();
  private @Nullable Instant firstTokenAt;
  private @Nullable End end;

  Exchange(
      ModelListener listener, Cancellation cancel, Clock clock, Patience patience, int maxTokens) {
    this.listener = listener;
    this.cancel = cancel;
    this.clock = clock;
    this.patience = patience;
    this.charsMax = Math.max(CHARS_MAX_AT_LEAST, (long) CHARS_PER_TOKEN_MAX * maxTokens);
  }

  /// Whether more is wanted. Sources ask it before each piece of work.
  boolean open() {
    if (end == null && cancel.isCancelled()) {
      end = new End.Cancelled();
    }
    return end == null;
  }

  void text(String piece) {
    if (open() && !piece.isEmpty()) {
      token();
      text.append(piece);
      tell(() -> listener.onText(piece));
    }
  }

  void thinking(String piece) {
    if (open() && !piece.isEmpty()) {
      token();
      thinking.append(piece);
      tell(() -> listener.onThinking(piece));
    }
  }

  private void token() {
    patience.token();
    if (firstTokenAt == null) {
      firstTokenAt = clock.instant();
    }
  }

  // LangChain4j swallows what its handlers throw, so the exception is kept and thrown by the
  // caller.
  private void tell(Runnable news) {
    try {
      news.run();
    } catch (RuntimeException e) {
      end = new End.ListenerThrew(e);
      return;
    }
    if (text.length() + thinking.length() > charsMax) {
      finish(FinishReason.LENGTH, null);
    }
  }

  void finish(FinishReason reason, @Nullable TokenCounts counts) {
    if (open()) {
      end = new End.Finished(reason, counts);
    }
  }

  void fail(ModelFault fault) {
    if (open()) {
      end = new End.Broken(fault);
    }
  }

  void interrupted() {
    end = new End.Interrupted();
  }

  Cancellation cancellation() {
    return cancel;
  }

  Patience patience() {
    return patience;
  }

  String text() {
    return text.toString();
  }

  String thinking() {
    return thinking.toString();
  }

  boolean started() {
    return patience.started();
  }

  @Nullable Instant firstTokenAt() {
    return firstTokenAt;
  }

  End end() {
    if (open() || end == null) {
      throw new IllegalStateException("the provider returned without an end");
    }
    return end;
  }
}
