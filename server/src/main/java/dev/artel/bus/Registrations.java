package dev.artel.bus;

import dev.artel.base.Fault;
import dev.artel.db.Db;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.ErrorCode;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.UserId;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Agents come to the bus and leave it. Whoever is told to let one go writes that down; every
/// process then helps it along, so that it ends whichever of them dies.
final class Registrations {
  private static final Logger log = LoggerFactory.getLogger(Registrations.class);
  private static final int CONCURRENCY_MAX = 10;
  static final String REASON = "the agent left";

  private final Db db;
  private final Duration within;
  private final Work work;
  private final RegistrationStore store = new RegistrationStore();

  /// What is done to the tasks of an agent that leaves, each in a transaction of its own.
  interface Work {
    void cancelQueued(UserId user, TaskId task, String reason);

    void stop(UserId user, TaskId task);

    /// There is work, or room for it.
    void wake();
  }

  Registrations(Db db, Duration within, Work work) {
    this.db = db;
    this.within = within;
    this.work = work;
  }

  void register(UserId user, AgentId agent, int concurrency) {
    if (concurrency < 1 || concurrency > CONCURRENCY_MAX) {
      throw Fault.of(ErrorCode.VALIDATION_ERROR, "Invalid concurrency limit");
    }
    db.does(
        user,
        tx -> {
          String state =
              store.hold(tx, user, agent).orElseThrow(() -> Fault.notFound("Agent not found"));
          if (!state.equals("left")) {
            throw Fault.conflict("state", "Agent already registered");
          }
          store.register(tx, user, agent, concurrency);
        });
    work.wake();
  }

  void deregister(UserId user, AgentId agent, Departure how) {
    db.does(
        user,
        tx -> {
          String state = store.hold(tx, user, agent).orElse("left");
          if (state.equals("left")) {
            throw Fault.notFound("Agent not registered");
          }
          store.leave(tx, user, agent, how, within);
        });
    settle(new RegistrationStore.Leaving(user, agent, how == Departure.QUEUE_DRAINS, false));
  }

  boolean isRegistered(UserId user, AgentId agent) {
    return db.as(user, tx -> store.hold(tx, user, agent))
        .filter(state -> !state.equals("left"))
        .isPresent();
  }

  /// Helps those along who are about to leave.
  void round() {
    List<RegistrationStore.Leaving> leaving = db.dispatch(store::leaving);
    for (RegistrationStore.Leaving one : leaving) {
      try {
        settle(one);
      } catch (RuntimeException failure) {
        log.warn("letting an agent go failed; the next round repeats it: {}", failure.toString());
      }
    }
  }

  private void settle(RegistrationStore.Leaving one) {
    UserId user = one.user();
    List<TaskId> queued = tasks(one, true);
    if (one.overdue() || !one.draining()) {
      queued.forEach(task -> work.cancelQueued(user, task, REASON));
    }
    List<TaskId> running = tasks(one, false);
    if (one.overdue()) {
      running.forEach(task -> work.stop(user, task));
    }
    if (running.isEmpty() && tasks(one, true).isEmpty()) {
      db.does(user, tx -> store.left(tx, user, one.agent()));
    }
  }

  private List<TaskId> tasks(RegistrationStore.Leaving one, boolean queued) {
    return db.read(one.user(), tx -> store.tasks(tx, one.user(), one.agent(), queued));
  }
}
