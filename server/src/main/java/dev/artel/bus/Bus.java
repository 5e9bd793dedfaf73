package dev.artel.bus;

import dev.artel.base.Fault;
import dev.artel.base.Ids;
import dev.artel.db.Db;
import dev.artel.db.Tx;
import dev.artel.event.Draft;
import dev.artel.event.EventLog;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.ErrorCode;
import dev.artel.protocol.Event;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.TaskStatus;
import dev.artel.protocol.UserId;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The door to the work of agents: admits tasks, claims them under their agent's limit and their
/// session's order, and writes each end exactly once with its event. Safe for many threads.
public final class Bus implements AutoCloseable {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
  private static final int PRIORITY_NORMAL = 0;

  private final Db db;
  private final EventLog events;
  private final TaskStore store = new TaskStore();
  private final Waiters waiters = new Waiters();
  private final BusLimits limits;
  private final UUID node;
  private @Nullable Dispatcher dispatcher;

  private Bus(Db db, EventLog events, Ids ids, BusLimits limits) {
    this.db = db;
    this.events = events;
    this.limits = limits;
    this.node = ids.next();
  }

  public static Bus create(Db db, EventLog events, Ids ids, BusLimits limits) {
    return new Bus(db, events, ids, limits);
  }

  /// Begins to claim work and hand it to the handler.
  public void start(TaskHandler handler) {
    dispatcher = new Dispatcher(db, new LeaseStore(), handler, limits, node, waiters);
    dispatcher.start();
  }

  /// Admits the task in this transaction; its agent may start right after the commit.
  ///
  /// @throws Fault QUEUE_FULL when too much waits for the agent already; NOT_FOUND when the agent
  ///   was deleted meanwhile
  public void submit(Tx tx, UserId user, TaskDraft draft) {
    int queued = admit(tx, user, draft.agent());
    store.insert(tx, user, draft);
    events.append(
        tx,
        user,
        Draft.in(
                draft.project(),
                draft.session(),
                new Event.TaskQueued(
                    draft.id(),
                    draft.agent(),
                    queued + 1,
                    limits.queuePerAgent(),
                    PRIORITY_NORMAL,
                    draft.message()))
            .by(draft.agent()));
    tx.afterCommit(this::wake);
  }

  /// How many wait for the agent; there is a place for one more.
  private int admit(Tx tx, UserId user, AgentId agent) {
    int queued = store.admit(tx, user, agent).orElseThrow(() -> Fault.notFound("Agent not found"));
    if (queued >= limits.queuePerAgent()) {
      throw Fault.of(ErrorCode.QUEUE_FULL, "Agent queue is full").retryAfter(RETRY_AFTER);
    }
    return queued;
  }

  private void wake() {
    if (dispatcher != null) {
      dispatcher.wake();
    }
  }

  /// Makes sure that the claim still holds, for the rest of this transaction.
  ///
  /// @throws ClaimLost when the task is another's or gone
  public void hold(Tx tx, UserId user, Claim claim) {
    switch (store.hold(tx, user, claim)) {
      case HELD -> {}
      // Asked between the claim and the start of its run: nobody was there to hear it.
      case STOP_REQUESTED -> stopHere(Set.of(claim.task()), StopSignal.Reason.USER);
      case LOST -> throw new ClaimLost(claim);
    }
  }

  /// Ends the task and tells it, in this transaction.
  ///
  /// @param took running time of this attempt
  /// @throws ClaimLost when the task is another's or gone
  public void end(Tx tx, UserId user, Claim claim, String agentName, TaskEnd end, Duration took) {
    TaskStatus status =
        switch (end) {
          case TaskEnd.Completed _ -> TaskStatus.COMPLETED;
          case TaskEnd.Failed _ -> TaskStatus.FAILED;
          case TaskEnd.Cancelled _ -> TaskStatus.CANCELLED;
        };
    if (!store.end(tx, user, claim, status, end)) {
      throw new ClaimLost(claim);
    }
    Event.Logged event =
        switch (end) {
          case TaskEnd.Completed completed ->
              new Event.TaskCompleted(
                  claim.task(),
                  claim.agent(),
                  agentName,
                  status,
                  completed.result(),
                  completed.preview(),
                  BigDecimal.valueOf(took.toMillis())
                      .movePointLeft(3)
                      .setScale(3, RoundingMode.HALF_UP),
                  took.toMillis());
          case TaskEnd.Failed failed ->
              new Event.TaskFailed(
                  claim.task(),
                  claim.agent(),
                  agentName,
                  failed.error(),
                  failed.errorType(),
                  claim.attempt());
          case TaskEnd.Cancelled cancelled ->
              new Event.TaskCancelled(claim.task(), claim.agent(), cancelled.reason());
        };
    events.append(tx, user, Draft.in(claim.project(), claim.session(), event).by(claim.agent()));
    tx.afterCommit(() -> waiters.tell(claim.task(), status));
  }

  /// Gives the task back to the queue: another process will run it.
  public void release(Tx tx, UserId user, Claim claim) {
    if (!store.release(tx, user, claim)) {
      throw new ClaimLost(claim);
    }
  }

  /// Puts the task off after a temporary error and tells it, in this transaction: it waits in its
  /// queue, holds its session's turn, no thread and no place of its agent, and its running time
  /// stands still.
  ///
  /// @param delay see `Backoff`
  /// @throws ClaimLost when the task is another's or gone
  public void retry(Tx tx, UserId user, Claim claim, Duration delay, String errorType) {
    Instant due = store.retry(tx, user, claim, delay).orElseThrow(() -> new ClaimLost(claim));
    events.append(
        tx,
        user,
        Draft.in(
                claim.project(),
                claim.session(),
                new Event.TaskRetryScheduled(
                    claim.task(), claim.agent(), claim.attempt(), due, errorType))
            .by(claim.agent()));
    tx.afterCommit(this::wake);
  }

  /// Cancels a task that has not started.
  ///
  /// @return whether it had not
  public boolean cancelQueued(
      Tx tx, UserId user, ProjectId project, SessionId session, TaskId task, String reason) {
    Optional<AgentId> agent = store.cancelQueued(tx, user, task);
    agent.ifPresent(of -> {
      events.append(
          tx, user, Draft.in(project, session, new Event.TaskCancelled(task, of, reason)).by(of));
      tx.afterCommit(() -> waiters.tell(task, TaskStatus.CANCELLED));
    });
    return agent.isPresent();
  }

  /// Keeps a queued task from being claimed until this transaction ends.
  ///
  /// @return whether it is still queued
  public boolean holdQueued(Tx tx, UserId user, TaskId task) {
    tx.afterCommit(this::wake);
    return store.holdQueued(tx, user, task);
  }

  /// Tells a running task to stop, here at once after the commit and elsewhere with the renewal of
  /// its lease.
  public void stopWith(Tx tx, UserId user, TaskId task) {
    store.requestStop(tx, user, task);
    tx.afterCommit(() -> stopHere(Set.of(task), StopSignal.Reason.USER));
  }

  private void stopHere(Set<TaskId> tasks, StopSignal.Reason reason) {
    if (dispatcher != null) {
      dispatcher.stop(tasks, reason);
    }
  }

  /// Ends the open tasks of a session whose rows this transaction is about to delete.
  public void forgetSession(Tx tx, UserId user, SessionId session) {
    forget(tx, store.open(tx, user, null, session, null));
  }

  /// Ends the open tasks of an agent whose rows this transaction is about to delete.
  public void forgetAgent(Tx tx, UserId user, AgentId agent) {
    forget(tx, store.open(tx, user, null, null, agent));
  }

  /// Ends the open tasks of a project whose rows this transaction is about to delete.
  public void forgetProject(Tx tx, UserId user, ProjectId project) {
    forget(tx, store.open(tx, user, project, null, null));
  }

  /// Those who run them stop; those who wait for them are let go.
  private void forget(Tx tx, Set<TaskId> tasks) {
    tx.afterCommit(() -> {
      stopHere(tasks, StopSignal.Reason.GONE);
      tasks.forEach(task -> waiters.tell(task, TaskStatus.CANCELLED));
    });
  }

  /// Lays a queued task of a session before another queued one.
  public void moveBefore(Tx tx, UserId user, SessionId session, TaskId task, TaskId other) {
    store.moveBefore(tx, user, session, task, other);
  }

  /// Gives a queued task to another agent.
  ///
  /// @throws Fault QUEUE_FULL when too much waits for that agent already
  public void readdress(Tx tx, UserId user, TaskId task, AgentId agent, int version) {
    int _ = admit(tx, user, agent);
    store.readdress(tx, user, task, agent, version);
  }

  /// What lies on the agents of a project, by one statement; an agent without work is missing.
  public Map<AgentId, QueueLoad> loads(Tx tx, UserId user, ProjectId project) {
    return store.loads(tx, user, project, limits.queuePerAgent());
  }

  public Optional<TaskStatus> status(Tx tx, UserId user, TaskId task) {
    return store.status(tx, user, task);
  }

  /// Begins to wait for a task's end. Taken before the transaction that submits the task, so that
  /// no end is missed.
  public Wait expect(TaskId task) {
    return waiters.expect(task);
  }

  /// Somebody who waits for a task.
  public interface Wait extends AutoCloseable {
    /// Blocks until the task has ended or pauses, the limit passes, or the process stops.
    ///
    /// @return the task's status; empty when it still runs or queues
    Optional<TaskStatus> await(Duration limit) throws InterruptedException;

    @Override
    void close();
  }

  /// Tasks that run in this process.
  public int active() {
    return dispatcher == null ? 0 : dispatcher.active();
  }

  public BusLimits limits() {
    return limits;
  }

  /// Lets everybody go who waits for a task; the tasks go on.
  public void letCallersGo() {
    waiters.releaseAll();
  }

  /// Lets waiting callers go, then stops taking work.
  @Override
  public void close() {
    waiters.releaseAll();
    if (dispatcher != null) {
      dispatcher.close();
    }
  }
}
