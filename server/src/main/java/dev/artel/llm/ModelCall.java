package dev.artel.llm;

import dev.artel.llm.ModelOutcome.Latency;
import dev.artel.llm.Resolution.Served;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One call, from the caller's request to the outcome.
final class ModelCall {
  private final Provider provider;
  private final Served served;
  private final PriceTable.@Nullable Price price;
  private final ModelRequest request;
  private final ModelListener listener;
  private final Cancellation cancel;
  private final Clock clock;
  private final Instant startedAt;

  ModelCall(
      Provider provider,
      Served served,
      PriceTable.@Nullable Price price,
      ModelRequest request,
      ModelListener listener,
      Cancellation cancel,
      Clock clock) {
    this.provider = provider;
    this.served = served;
    this.price = price;
    this.request = request;
    this.listener = listener;
    this.cancel = cancel;
    this.clock = clock;
    this.startedAt = clock.instant();
  }

  ModelOutcome run(Duration firstToken, Duration idle) throws InterruptedException {
    Exchange exchange =
        new Exchange(listener, cancel, clock, new Patience(firstToken, idle), request.maxTokens());
    if (exchange.open()) {
      provider.stream(served.model(), request, exchange);
    }
    return switch (exchange.end()) {
      case Exchange.End.Finished(FinishReason reason, TokenCounts counts) ->
          new ModelOutcome.Answered(
              served,
              exchange.text(),
              exchange.thinking(),
              reason,
              usage(exchange, counts),
              latency(exchange));
      case Exchange.End.Cancelled() ->
          new ModelOutcome.Cancelled(
              served,
              exchange.text(),
              exchange.thinking(),
              partialUsage(exchange),
              latency(exchange));
      case Exchange.End.ListenerThrew(RuntimeException thrown) -> throw thrown;
      case Exchange.End.Interrupted() -> throw new InterruptedException();
      case Exchange.End.Broken(ModelFault fault) ->
          new ModelOutcome.Failed(
              served,
              fault.type(),
              fault.message(),
              fault.retryable() && !exchange.started(),
              fault.retryAfter(),
              exchange.text(),
              exchange.thinking(),
              partialUsage(exchange),
              latency(exchange));
    };
  }

  // A provider bills what it began, but tells the numbers only at the end.
  private Usage partialUsage(Exchange exchange) {
    return exchange.started() ? usage(exchange, null) : Usage.NONE;
  }

  private Usage usage(Exchange exchange, @Nullable TokenCounts reported) {
    TokenCounter counter = TokenCounter.approximate();
    TokenCounts counts =
        reported != null
            ? reported
            : new TokenCounts(
                counter.count(request),
                (long) counter.count(exchange.text()) + counter.count(exchange.thinking()),
                0);
    BigDecimal cost = price == null ? null : price.cost(counts);
    return new Usage(1, counts.in(), counts.out(), counts.cached(), cost, reported == null);
  }

  private Latency latency(Exchange exchange) {
    Instant firstToken = exchange.firstTokenAt();
    return new Latency(firstToken == null ? null : millisTo(firstToken), millisTo(clock.instant()));
  }

  // The wall clock may be set back while a model thinks.
  private long millisTo(Instant moment) {
    return Math.max(0, Duration.between(startedAt, moment).toMillis());
  }
}
