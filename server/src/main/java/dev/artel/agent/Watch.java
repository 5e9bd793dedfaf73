package dev.artel.agent;

import dev.artel.db.Db;
import dev.artel.protocol.UserId;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks after agents: checks those that have work, and tries those in error again. An idle service
/// asks no model endpoint. Any number of processes may watch; each agent is looked at by one.
final class Watch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Watch.class);
  private static final Duration TICK = Duration.ofSeconds(5);

  /// With the tick, a minute from check to check.
  private static final Duration CHECK_AFTER = Duration.ofSeconds(55);

  /// As long as the live handle of a project outlives its last use.
  private static final Duration ACTIVE_FOR = Duration.ofMinutes(30);

  /// Longer than an attempt takes.
  private static final Duration RECOVERY_LEASE = Duration.ofSeconds(30);

  private static final int BATCH = 500;
  private static final String WELL = "ok";

  private final Db db;
  private final Checkup checkup;
  private final Standings standings;
  private final MeterRegistry meters;
  private final StatusStore store = new StatusStore();
  private final Thread thread = Thread.ofVirtual().name("agent-watch").unstarted(this::run);
  private volatile boolean closed;

  Watch(Db db, Checkup checkup, Standings standings, MeterRegistry meters) {
    this.db = db;
    this.checkup = checkup;
    this.standings = standings;
    this.meters = meters;
    // There from the start: an alert on a counter that does not exist yet would see nothing.
    for (Checkup.Cause cause : Checkup.Cause.values()) {
      found(cause, 0);
    }
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!closed) {
        Thread.sleep(TICK);
        try {
          checkOnce(CHECK_AFTER);
          recoverOnce();
        } catch (RuntimeException failure) {
          if (!closed) {
            log.warn("agents were not looked after; the next round does: {}", failure.toString());
          }
        }
      }
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  /// Checks the active agents whose last check is older than that.
  void checkOnce(Duration age) throws InterruptedException {
    List<StatusStore.Due> due = db.dispatch(tx -> store.dueChecks(tx, ACTIVE_FOR, age, BATCH));
    var newlyIll = new EnumMap<Checkup.Cause, Found>(Checkup.Cause.class);
    for (var results : checkup.of(due).entrySet()) {
      UserId user = results.getKey();
      List<Checkup.Finding> fell =
          db.as(
              user,
              tx ->
                  results.getValue().stream()
                      .filter(result -> {
                        store.checked(
                            tx,
                            user,
                            result.agent(),
                            result.finding().map(Checkup.Finding::error).orElse(WELL));
                        return result
                            .finding()
                            .map(found ->
                                standings.unhealthy(tx, user, result.agent(), found.error()))
                            .orElse(false);
                      })
                      .flatMap(result -> result.finding().stream())
                      .toList());
      fell.forEach(
          finding -> newlyIll.merge(finding.cause(), new Found(finding.error(), 1), Found::and));
    }
    newlyIll.forEach((cause, found) -> {
      found(cause, found.agents());
      log.warn(
          "{} agents cannot work and are tried again by themselves: {}",
          found.agents(),
          found.error());
    });
  }

  /// @param error of the first of them
  private record Found(String error, int agents) {
    Found and(Found more) {
      return new Found(error, agents + more.agents());
    }
  }

  private void found(Checkup.Cause cause, int agents) {
    meters
        .counter("agent_unhealthy", "cause", cause.name().toLowerCase(java.util.Locale.ROOT))
        .increment(agents);
  }

  /// Tries the agents whose time in error is over again.
  void recoverOnce() throws InterruptedException {
    List<StatusStore.Due> due = db.dispatch(tx -> store.takeRecoveries(tx, RECOVERY_LEASE, BATCH));
    for (Map.Entry<UserId, List<Checkup.Result>> results : checkup.of(due).entrySet()) {
      UserId user = results.getKey();
      db.does(
          user,
          tx -> {
            for (Checkup.Result result : results.getValue()) {
              store.checked(
                  tx,
                  user,
                  result.agent(),
                  result.finding().map(Checkup.Finding::error).orElse(WELL));
              result
                  .finding()
                  .ifPresentOrElse(
                      found -> standings.triedInVain(tx, user, result.agent(), found.error()),
                      () -> standings.recovered(tx, user, result.agent()));
            }
          });
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
