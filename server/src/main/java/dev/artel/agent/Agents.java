package dev.artel.agent;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.artel.base.Fault;
import dev.artel.base.Ids;
import dev.artel.bus.Bus;
import dev.artel.db.Db;
import dev.artel.db.Tx;
import dev.artel.event.Draft;
import dev.artel.event.EventLog;
import dev.artel.http.ErrorResponse.FieldError;
import dev.artel.http.Idempotency;
import dev.artel.http.IfMatch;
import dev.artel.http.Invalid;
import dev.artel.http.Page;
import dev.artel.http.Paging;
import dev.artel.http.RowVersion;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.AgentRole;
import dev.artel.protocol.AgentStatus;
import dev.artel.protocol.ErrorCode;
import dev.artel.protocol.Event;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.UserId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The agents of every project. Where an agent is addressed by text, a UUID, a name (also as
/// `@name`, ignoring letter case) and a readable id will do; one of another project or user does
/// not exist here. Each call without a `Tx` is one transaction and blocks; safe for use by many
/// threads.
public final class Agents {
  /// What the keys of repeated requests are tied to.
  static final String RESOURCE = "agent";

  static final String RESTORED = "restored_agent";

  private final Db db;
  private final EventLog events;
  private final Recruits recruits;
  private final ConfigRules rules;
  private final Leaving leaving;
  private final AgentStore store = new AgentStore();
  private final VersionStore versions = new VersionStore();
  private final Addressing addressing = new Addressing(store);
  private final StatusStore statuses = new StatusStore();
  private final ConfigCache cache = new ConfigCache(Ticker.systemTicker());
  private final Standings standings;

  private Agents(
      Db db, Ids ids, EventLog events, Bus bus, ConfigRules rules, BooleanSupplier noModel) {
    this.db = db;
    this.standings = new Standings(events, noModel);
    this.events = events;
    this.rules = rules;
    this.leaving = new Leaving(events, bus);
    this.recruits = new Recruits(ids, events, store, versions);
  }

  /// @param endpointAllowed whether a `metadata.base_url` is one that the operator configured
  /// @param noModel whether no model is configured at all
  public static Agents create(
      Db db,
      Ids ids,
      EventLog events,
      Bus bus,
      Predicate<String> endpointAllowed,
      BooleanSupplier noModel) {
    return new Agents(db, ids, events, bus, new ConfigRules(endpointAllowed), noModel);
  }

  ConfigRules rules() {
    return rules;
  }

  Recruits recruits() {
    return recruits;
  }

  /// Fails with CONFLICT when the name is taken in this project, also under concurrency.
  public Agent create(
      UserId user, ProjectId project, String name, AgentConfig config, Idempotency once) {
    return db.as(
        user,
        tx -> {
          lockProject(tx, user, project);
          AgentId id = recruits.nextId();
          once.record(tx, RESOURCE, id.value());
          refuseTaken(tx, user, project, name, null);
          return recruits.take(tx, user, project, id, name, config);
        });
  }

  public Page<Agent> list(UserId user, ProjectId project, AgentFilter filter, Paging paging) {
    return db.read(user, tx -> store.list(tx, user, project, filter, paging));
  }

  /// Fails with NOT_FOUND when nobody is addressed so.
  public Agent get(UserId user, ProjectId project, String address) {
    return db.read(user, tx -> addressed(tx, user, project, address));
  }

  /// Fails with NOT_FOUND when the user has no such agent in any project.
  public Agent get(UserId user, AgentId id) {
    return db.read(user, tx -> store.byId(tx, user, id)).orElseThrow(Addressing::missing);
  }

  /// Whom a message is for. As `get`, but the refusal suggests the names that come closest.
  public Agent target(Tx tx, UserId user, ProjectId project, String address) {
    return addressing.target(tx, user, project, address);
  }

  /// Who answers when a message names nobody and nothing routes: the agent of role ask, else the
  /// oldest that is not the orchestrator.
  public Optional<Agent> answering(Tx tx, UserId user, ProjectId project) {
    List<Agent> all = store.all(tx, user, project);
    return all.stream()
        .filter(agent -> agent.config().role() == AgentRole.ASK)
        .findFirst()
        .or(() ->
            all.stream()
                .filter(agent -> agent.config().role() != AgentRole.ORCHESTRATOR)
                .findFirst());
  }

  /// The agent that routes and plans in this project: the oldest in that role.
  public Optional<Agent> orchestrator(UserId user, ProjectId project) {
    return db.<List<Agent>>read(user, tx -> store.all(tx, user, project)).stream()
        .filter(agent -> agent.config().role() == AgentRole.ORCHESTRATOR)
        .findFirst();
  }

  /// The agents that may be addressed in a session. Fails with NOT_FOUND without such a session.
  public List<Agent> available(UserId user, ProjectId project, SessionId session) {
    return db.read(
        user,
        tx -> {
          if (!store.sessionExists(tx, user, project, session.value())) {
            throw Fault.notFound("Session not found");
          }
          return store.all(tx, user, project);
        });
  }

  /// Replaces the configuration, and the name when one is given.
  public Agent replace(
      UserId user,
      ProjectId project,
      String address,
      @Nullable String name,
      AgentConfig config,
      IfMatch seen) {
    return changing(
        user,
        project,
        address,
        seen,
        (tx, present) -> write(tx, user, present, name == null ? present.name() : name, config));
  }

  /// Lays a patch over the configuration. Fails as invalid when the result violates a rule; the
  /// agent is then unchanged.
  ///
  /// @param at the JSON pointer of the patch in the body, for the errors
  public Agent patch(
      UserId user,
      ProjectId project,
      String address,
      @Nullable String name,
      ObjectNode patch,
      String at,
      IfMatch seen) {
    return changing(
        user,
        project,
        address,
        seen,
        (tx, present) -> {
          var errors = new ArrayList<FieldError>();
          ObjectNode merged = ConfigRules.merged(ConfigRules.tree(present.config()), patch);
          AgentConfig config = rules.read(merged, at, errors);
          if (!errors.isEmpty()) {
            throw new Invalid(errors);
          }
          return write(tx, user, present, name == null ? present.name() : name, config);
        });
  }

  /// Makes the name and configuration of an old version the new one.
  public Agent restore(
      UserId user, ProjectId project, String address, int version, IfMatch seen, Idempotency once) {
    return changing(
        user,
        project,
        address,
        seen,
        (tx, present) -> {
          once.record(tx, RESTORED, present.id().value());
          AgentVersion old =
              versions
                  .find(tx, user, present.id(), version)
                  .orElseThrow(() -> Fault.notFound("Version not found"));
          return write(tx, user, present, old.name(), old.config());
        });
  }

  private interface Writing {
    Agent of(Tx tx, Agent present);
  }

  private Agent changing(
      UserId user, ProjectId project, String address, IfMatch seen, Writing writing) {
    return db.as(
        user,
        tx -> {
          lockProject(tx, user, project);
          Agent present = locked(tx, user, project, address);
          seen.check(new RowVersion(present.version()));
          return writing.of(tx, present);
        });
  }

  private Agent write(Tx tx, UserId user, Agent present, String name, AgentConfig config) {
    List<String> changed = new ArrayList<>(ConfigRules.changed(present.config(), config));
    if (!name.equals(present.name())) {
      changed.addFirst("name");
      refuseTaken(tx, user, present.project(), name, present.id());
    }
    if (changed.isEmpty()) {
      return present;
    }
    Agent written = store.update(tx, user, present.id(), name, config);
    versions.insert(tx, user, written);
    if (present.status() == AgentStatus.ERROR) {
      // What broke it may be what was changed.
      statuses.recoverNow(tx, user, written.id());
    }
    events.append(
        tx,
        user,
        Draft.in(
                written.project(),
                new Event.AgentUpdated(written.id(), name, written.version(), changed))
            .by(written.id()));
    tx.afterCommit(() -> cache.drop(user, written.project(), written.id()));
    return written;
  }

  /// Removes the agent, its open work and its versions. What it said stays, under its name.
  public void delete(UserId user, ProjectId project, String address, IfMatch seen) {
    db.does(
        user,
        tx -> {
          lockProject(tx, user, project);
          Agent present = locked(tx, user, project, address);
          seen.check(new RowVersion(present.version()));
          leaving.of(tx, user, present);
          store.delete(tx, user, present.id());
          events.append(
              tx,
              user,
              Draft.in(
                  project,
                  new Event.AgentDeleted(
                      present.id(), present.name(), present.version(), List.of())));
          tx.afterCommit(() -> cache.drop(user, project, present.id()));
        });
  }

  /// The versions, newest first, each with the names of the fields that it changed.
  public Page<VersionChange> versions(
      UserId user, ProjectId project, String address, Paging paging) {
    return db.read(
        user,
        tx -> {
          Agent agent = addressed(tx, user, project, address);
          return versions.list(tx, user, agent.id(), paging).map(VersionChange::of);
        });
  }

  /// One version, with the names of the fields that it changed.
  public VersionChange version(UserId user, ProjectId project, String address, int version) {
    return db.read(
        user,
        tx -> {
          Agent agent = addressed(tx, user, project, address);
          AgentVersion found =
              versions
                  .find(tx, user, agent.id(), version)
                  .orElseThrow(() -> Fault.notFound("Version not found"));
          return VersionChange.of(
              new VersionStore.Pair(
                  found, versions.find(tx, user, agent.id(), version - 1).orElse(null)));
        });
  }

  /// The configuration with which a task runs, whatever the agent became meanwhile; empty when the
  /// agent is gone. Cached.
  public Optional<AgentVersion> running(
      UserId user, ProjectId project, AgentId agent, int version) {
    return cache.get(
        user,
        project,
        agent,
        version,
        () -> db.read(user, tx -> versions.find(tx, user, agent, version)));
  }

  /// A task of the agent begins: it is at work from now on. To be called in the transaction that
  /// starts the task; the agent's row stays locked to its end.
  public void busy(Tx tx, UserId user, AgentId agent, @Nullable SessionId session) {
    standings.started(tx, user, agent, session);
  }

  /// A task of the agent was parked or taken back: the agent is ready when no other runs. To be
  /// called after the task's row was written, in the same transaction. An end is heard of through
  /// the bus.
  public void idle(Tx tx, UserId user, AgentId agent, @Nullable SessionId session) {
    standings.stopped(tx, user, agent, session);
  }

  /// Why an agent takes no new work: AGENT_UNAVAILABLE when it is in error, with the time of its
  /// next attempt; empty when it takes some.
  public Optional<Fault> refusal(Tx tx, UserId user, Agent agent) {
    return agent.status() != AgentStatus.ERROR
        ? Optional.empty()
        : Optional.of(
            Fault.of(
                    ErrorCode.AGENT_UNAVAILABLE,
                    "%s cannot work at the moment: %s It is tried again by itself; send the message again later."
                        .formatted(agent.name(), Objects.requireNonNullElse(agent.lastError(), "")))
                .with("agent_id", agent.id().toString())
                .with("agent_name", agent.name())
                .retryAfter(
                    statuses.recoversIn(tx, user, agent.id()).orElse(Duration.ofSeconds(1))));
  }

  Standings standings() {
    return standings;
  }

  ConfigCache cache() {
    return cache;
  }

  boolean isCached(UserId user, ProjectId project, AgentId agent) {
    return cache.holds(user, project, agent);
  }

  void forget(Tx tx, UserId user, ProjectId project) {
    tx.afterCommit(() -> cache.dropAll(user, project));
  }

  List<Agent> all(Tx tx, UserId user, ProjectId project) {
    return store.all(tx, user, project);
  }

  Agent addressed(Tx tx, UserId user, ProjectId project, String address) {
    return addressing.find(tx, user, project, address).orElseThrow(Addressing::missing);
  }

  /// Found, then locked and read anew: what was found may have been changed before the lock.
  private Agent locked(Tx tx, UserId user, ProjectId project, String address) {
    return store
        .lock(tx, user, addressed(tx, user, project, address).id())
        .orElseThrow(Addressing::missing);
  }

  private void lockProject(Tx tx, UserId user, ProjectId project) {
    if (!store.lockProject(tx, user, project)) {
      throw Fault.notFound("Project not found");
    }
  }

  private void refuseTaken(
      Tx tx, UserId user, ProjectId project, String name, @Nullable AgentId but) {
    store
        .byName(tx, user, project, name)
        .filter(other -> !other.id().equals(but))
        .ifPresent(_ -> {
          throw Fault.conflict("name_taken", "Agent with this name already exists");
        });
  }
}
