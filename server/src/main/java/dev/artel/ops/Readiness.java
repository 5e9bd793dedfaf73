package dev.artel.ops;

import dev.artel.base.Fault;
import dev.artel.http.Draining;
import dev.artel.http.HealthSource;
import dev.artel.protocol.ErrorCode;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks every part how it is, all at once, and waits for none longer than a probe would.
final class Readiness {
  private static final Logger log = LoggerFactory.getLogger(Readiness.class);
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final List<HealthSource> sources;
  private final Draining draining;

  Readiness(List<HealthSource> sources, Draining draining) {
    this.sources = List.copyOf(sources);
    this.draining = draining;
  }

  /// @param degraded parts without which less is served
  /// @param checks each part by name: `ok`, or what is wrong with it
  @Schema(name = "Ready")
  record Ready(
      @Schema(allowableValues = "ready") String status,
      List<String> degraded,
      @Schema(example = "{\"postgresql\": \"ok\", \"schema\": \"ok\"}")
          Map<String, String> checks) {}

  /// @throws Fault 503 naming the parts that failed
  Ready check() throws InterruptedException {
    var failed = new ArrayList<String>();
    var degraded = new ArrayList<String>();
    var checks = new LinkedHashMap<String, String>();
    if (draining.begun()) {
      failed.add("draining");
    } else {
      states()
          .forEach((part, state) -> {
            String reason = state.reason();
            checks.put(part, reason == null ? "ok" : reason);
            switch (state.level()) {
              case WELL -> {}
              case DEGRADED -> degraded.add(part);
              case FAILED -> failed.add(part);
            }
          });
    }
    if (!failed.isEmpty()) {
      throw Fault.of(
              ErrorCode.SERVICE_UNAVAILABLE, "Not ready: %s.".formatted(String.join(", ", failed)))
          .with("failed", failed)
          .with("degraded", degraded)
          .with("checks", checks)
          .retryAfter(RETRY_AFTER);
    }
    return new Ready("ready", degraded, checks);
  }

  private Map<String, HealthSource.State> states() throws InterruptedException {
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    try {
      var asked = new LinkedHashMap<String, Future<HealthSource.State>>();
      for (HealthSource source : sources) {
        Callable<HealthSource.State> question = source::state;
        asked.put(source.part(), threads.submit(question));
      }
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      var states = new LinkedHashMap<String, HealthSource.State>();
      for (var one : asked.entrySet()) {
        states.put(one.getKey(), answer(one.getKey(), one.getValue(), deadline));
      }
      return states;
    } finally {
      // Not closed: closing would wait for a part that hangs.
      threads.shutdownNow();
    }
  }

  private static HealthSource.State answer(
      String part, Future<HealthSource.State> asked, long deadline) throws InterruptedException {
    try {
      return asked.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      return HealthSource.State.failed("does not answer");
    } catch (ExecutionException failure) {
      log.warn("the health of a part cannot be told: {}", part, failure.getCause());
      return HealthSource.State.failed("cannot be asked");
    }
  }
}
