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
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The door to the work of agents: admits tasks, claims them under their agent's limit and their
/// session's order, and writes each end exactly once with its event. Safe for many threads.
public final class Bus implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Bus.class);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  /// A larger result is handed on by reference.
  static final int INPUT_BYTES_MAX = 64 * 1024;

  private final Db db;
  private final EventLog events;
  private final TaskStore store = new TaskStore();
  private final NeedStore needs = new NeedStore();
  private final Waiters waiters = new Waiters();
  private final BusLimits limits;
  private final BusMeters meters;
  private final Ends ends;
  private final Cancelling cancelling;
  private final Registrations registrations;
  private final UUID node;
  private @Nullable Worker worker;

  private Bus(
      Db db,
      EventLog events,
      Ids ids,
      BusLimits limits,
      BusMeters meters,
      Supplier<Origin> origin) {
    this.db = db;
    this.events = events;
    this.limits = limits;
    this.meters = meters;
    this.node = ids.next();
    this.ends = new Ends(events, waiters, meters, () -> worker);
    this.cancelling = new Cancelling(db, this, origin);
    this.registrations = new Registrations(db, limits.leaving(), cancelling);
  }

  /// @param origin asked when it is needed: what tasks were made for is kept above the bus
  public static Bus create(
      Db db,
      EventLog events,
      Ids ids,
      BusLimits limits,
      MeterRegistry registry,
      Supplier<Origin> origin) {
    return new Bus(db, events, ids, limits, new BusMeters(registry), origin);
  }

  /// From now on that one hears of each run's end.
  public void onEnd(EndListener listener) {
    ends.onEnd(listener);
  }

  /// Begins to claim work and hand it to the handler.
  public void start(TaskHandler handler) {
    worker = Worker.start(db, handler, limits, node, waiters, meters, registrations::round);
  }

  /// Admits the task in this transaction; its agent may start right after the commit, or once what
  /// it depends on has completed.
  ///
  /// @throws Fault QUEUE_FULL when too much waits for the agent already; AGENT_UNAVAILABLE when it
  ///   takes no work; NOT_FOUND when it, or a task that this one depends on, is gone;
  ///   DEPENDENCY_NOT_COMPLETED when one of those ended without completing
  public void submit(Tx tx, UserId user, TaskDraft draft) {
    int unmet = unmet(tx, user, draft.dependsOn());
    int queued = admit(tx, user, draft.agent());
    store.insert(tx, user, draft, unmet);
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
                    draft.priority().level(),
                    draft.message()))
            .by(draft.agent()));
    if (queued + 1 == limits.alertAt()) {
      tx.afterCommit(() -> nearlyFull(draft.agent(), queued + 1));
    }
    tx.afterCommit(this::wake);
  }

  private int unmet(Tx tx, UserId user, Set<TaskId> dependsOn) {
    if (dependsOn.isEmpty()) {
      return 0;
    }
    Map<TaskId, TaskStatus> found = needs.hold(tx, user, dependsOn);
    if (found.size() < dependsOn.size()) {
      throw Fault.notFound("Task not found");
    }
    if (found.containsValue(TaskStatus.FAILED) || found.containsValue(TaskStatus.CANCELLED)) {
      throw Fault.of(
          ErrorCode.DEPENDENCY_NOT_COMPLETED, "A task that this one depends on did not complete.");
    }
    return Math.toIntExact(
        found.values().stream().filter(status -> status != TaskStatus.COMPLETED).count());
  }

  /// How many wait for the agent; there is a place for one more.
  private int admit(Tx tx, UserId user, AgentId agent) {
    TaskStore.Admission met =
        store.admit(tx, user, agent).orElseThrow(() -> Fault.notFound("Agent not found"));
    if (!met.open()) {
      throw Fault.of(ErrorCode.AGENT_UNAVAILABLE, "Agent not registered").retryAfter(RETRY_AFTER);
    }
    if (met.queued() >= limits.queuePerAgent()) {
      meters.refused();
      throw Fault.of(ErrorCode.QUEUE_FULL, "Agent queue is full").retryAfter(RETRY_AFTER);
    }
    return met.queued();
  }

  private void nearlyFull(AgentId agent, int queued) {
    meters.alert();
    log.atWarn()
        .addKeyValue("agent_id", agent)
        .addKeyValue("queued", queued)
        .addKeyValue("capacity", limits.queuePerAgent())
        .log("a queue has grown to 80 % of its places; what does not fit will be refused");
  }

  void wake() {
    ends.wake();
  }

  /// What the tasks that this one depends on came to, for its handler to work with.
  public List<TaskInput> inputs(Tx tx, UserId user, TaskId task) {
    return needs.inputs(tx, user, task, INPUT_BYTES_MAX);
  }

  /// Makes sure that the claim still holds, for the rest of this transaction.
  ///
  /// @throws ClaimLost when the task is another's or gone
  public void hold(Tx tx, UserId user, Claim claim) {
    switch (store.hold(tx, user, claim)) {
      case HELD -> {}
      // Asked between the claim and the start of its run: nobody was there to hear it.
      case STOP_REQUESTED -> ends.stop(Set.of(claim.task()), StopSignal.Reason.USER);
      case LOST -> throw new ClaimLost(claim);
    }
  }

  /// Ends the task and tells it, in this transaction. What depends on it may go on, or is
  /// cancelled.
  ///
  /// @param took running time of this attempt
  /// @throws ClaimLost when the task is another's or gone
  public void end(Tx tx, UserId user, Claim claim, String agentName, TaskEnd end, Duration took) {
    ends.end(tx, user, claim, agentName, end, took);
  }

  /// Gives the task back to the queue: another process will run it.
  public void release(Tx tx, UserId user, Claim claim) {
    if (!store.release(tx, user, claim)) {
      throw new ClaimLost(claim);
    }
    tx.afterCommit(this::wake);
  }

  /// Notes how many steps of the task are done, in this transaction.
  ///
  /// @throws ClaimLost when the task is another's or gone
  public void stepsDone(Tx tx, UserId user, Claim claim, int steps) {
    if (!store.stepsDone(tx, user, claim, steps)) {
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
    tx.afterCommit(() -> {
      meters.retried();
      wake();
    });
  }

  /// Cancels a task that waits in its queue, and what depends on it.
  ///
  /// @return whether it did
  public boolean cancelQueued(
      Tx tx,
      UserId user,
      ProjectId project,
      @Nullable SessionId session,
      TaskId task,
      String reason) {
    return ends.cancelQueued(tx, user, project, session, task, reason);
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
    tx.afterCommit(() -> ends.stop(Set.of(task), StopSignal.Reason.USER));
  }

  /// Ends the open tasks of a session whose rows this transaction is about to delete.
  public void forgetSession(Tx tx, UserId user, SessionId session) {
    ends.forget(tx, user, store.open(tx, user, null, session, null));
  }

  /// Ends the open tasks of an agent whose rows this transaction is about to delete.
  public void forgetAgent(Tx tx, UserId user, AgentId agent) {
    ends.forget(tx, user, store.open(tx, user, null, null, agent));
  }

  /// Ends the open tasks of a project whose rows this transaction is about to delete.
  public void forgetProject(Tx tx, UserId user, ProjectId project) {
    ends.forget(tx, user, store.open(tx, user, project, null, null));
  }

  /// Cancels all open work of a project, each task in a transaction of its own: what waits ends at
  /// once, what runs is told to stop and stores its end itself.
  ///
  /// @return how many tasks were open
  public int stopProject(UserId user, ProjectId project, String reason) {
    Set<TaskId> open = db.read(user, tx -> store.open(tx, user, project, null, null));
    open.forEach(task -> cancelling.cancelQueued(user, task, reason));
    return open.size();
  }

  /// Lays a queued task of a session before another queued one.
  public void moveBefore(Tx tx, UserId user, SessionId session, TaskId task, TaskId other) {
    store.moveBefore(tx, user, session, task, other);
    tx.afterCommit(this::wake);
  }

  /// Gives a queued task to another agent.
  ///
  /// @throws Fault QUEUE_FULL when too much waits for that agent already
  public void readdress(Tx tx, UserId user, TaskId task, AgentId agent, int version) {
    int _ = admit(tx, user, agent);
    store.readdress(tx, user, task, agent, version);
    tx.afterCommit(this::wake);
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

  /// Lets the bus take work for an agent. An agent is registered when it is made; this is for one
  /// that left.
  ///
  /// @param concurrency tasks that may run at once, 1 to 10
  /// @throws Fault VALIDATION_ERROR "Invalid concurrency limit"; CONFLICT "Agent already
  ///   registered"; NOT_FOUND
  public void register(UserId user, AgentId agent, int concurrency) {
    registrations.register(user, agent, concurrency);
  }

  /// Lets an agent go: no work is admitted for it from now on. What runs may end within 30 s, what
  /// waits is drained as long or cancelled at once, the rest is stopped; every waiter is released.
  /// Returns at once; it is carried through by any process.
  ///
  /// @throws Fault NOT_FOUND "Agent not registered"
  public void deregister(UserId user, AgentId agent, Departure how) {
    registrations.deregister(user, agent, how);
  }

  /// Whether the agent takes work, or still ends what it has.
  public boolean isRegistered(UserId user, AgentId agent) {
    return registrations.isRegistered(user, agent);
  }

  /// Cancels tasks on their user's behalf or an agent's.
  Cancelling cancelling() {
    return cancelling;
  }

  /// Whether this process should take work and no longer does.
  public boolean broken() {
    return worker != null && worker.broken();
  }

  /// Tasks that run in this process.
  public int active() {
    return worker == null ? 0 : worker.active();
  }

  /// Whether this process starts urgent work only.
  boolean overloaded() {
    return worker != null && worker.overloaded();
  }

  /// Whether this process tells others of its work.
  boolean hearsOthers() {
    return worker != null && worker.hearsOthers();
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
    if (worker != null) {
      worker.close();
    }
  }
}
