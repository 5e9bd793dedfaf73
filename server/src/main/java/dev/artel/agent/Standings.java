package dev.artel.agent;

import dev.artel.agent.AgentMachine.Happening;
import dev.artel.agent.AgentMachine.Step;
import dev.artel.bus.Claim;
import dev.artel.bus.EndListener;
import dev.artel.bus.TaskEnd;
import dev.artel.db.Tx;
import dev.artel.event.Draft;
import dev.artel.event.EventLog;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.Event;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.UserId;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Applies what happens to agents: loads how one stands, lets the machine decide, saves and tells,
/// all in the transaction of the cause.
final class Standings implements EndListener {
  /// How a provider says that it does not know us. The next call will be refused as well, unlike
  /// after a timeout or a rate limit.
  private static final String REFUSED_KEY = "authentication";

  private final EventLog events;
  private final BooleanSupplier noModel;
  private final StatusStore store = new StatusStore();
  private final HourStore hours = new HourStore();

  /// @param noModel whether no model is configured at all
  Standings(EventLog events, BooleanSupplier noModel) {
    this.events = events;
    this.noModel = noModel;
  }

  void started(Tx tx, UserId user, AgentId agent, @Nullable SessionId session) {
    store
        .hold(tx, user, agent)
        .ifPresent(held -> apply(tx, user, held, session, new Happening.Started()));
  }

  void stopped(Tx tx, UserId user, AgentId agent, @Nullable SessionId session) {
    store
        .hold(tx, user, agent)
        .ifPresent(
            held -> apply(tx, user, held, session, new Happening.Stopped(held.taskRuns(), false)));
  }

  @Override
  public void ended(Tx tx, UserId user, Claim claim, TaskEnd end, Duration took) {
    Optional<StatusStore.Held> found = store.hold(tx, user, claim.agent());
    if (found.isEmpty()) {
      return;
    }
    StatusStore.Held held = found.get();
    hours.add(tx, user, claim.agent(), end, took);
    // What an older configuration met says nothing about the present one.
    Happening happening =
        end instanceof TaskEnd.Failed failed
                && isCritical(failed)
                && held.version() == claim.agentVersion()
            ? new Happening.Broke(failed.error())
            : new Happening.Stopped(held.taskRuns(), end instanceof TaskEnd.Completed);
    apply(tx, user, held, claim.session(), happening);
  }

  private boolean isCritical(TaskEnd.Failed failed) {
    return failed.errorType().equals(REFUSED_KEY) || noModel.getAsBoolean();
  }

  /// @return whether the agent is in error only now
  boolean unhealthy(Tx tx, UserId user, AgentId agent, String error) {
    return store
        .hold(tx, user, agent)
        .map(held -> apply(tx, user, held, null, new Happening.Unhealthy(error)))
        .map(step -> step.reason() != null)
        .orElse(false);
  }

  void triedInVain(Tx tx, UserId user, AgentId agent, String error) {
    store
        .hold(tx, user, agent)
        .ifPresent(held -> apply(tx, user, held, null, new Happening.TriedInVain(error)));
  }

  /// The cause is gone: ready, and busy again at once when work runs.
  void recovered(Tx tx, UserId user, AgentId agent) {
    store
        .hold(tx, user, agent)
        .ifPresent(held -> {
          Step step = apply(tx, user, held, null, new Happening.Recovered());
          if (step.reason() != null && held.taskRuns()) {
            started(tx, user, agent, null);
          }
        });
  }

  private Step apply(
      Tx tx, UserId user, StatusStore.Held held, @Nullable SessionId session, Happening happening) {
    Step step = AgentMachine.apply(held.standing(), happening);
    if (!step.next().equals(held.standing()) || step.recoverAfter() != null) {
      store.save(tx, user, held.id(), step);
    }
    if (step.reason() != null) {
      events.append(
          tx,
          user,
          Draft.in(
                  held.project(),
                  session,
                  new Event.AgentStatusChanged(
                      held.id(),
                      held.name(),
                      held.standing().status(),
                      step.next().status(),
                      step.reason(),
                      step.error()))
              .by(held.id()));
    }
    return step;
  }
}
