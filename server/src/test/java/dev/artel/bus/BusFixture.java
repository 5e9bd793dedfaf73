package dev.artel.bus;

import dev.artel.base.Ids;
import dev.artel.db.Db;
import dev.artel.event.EventLog;
import dev.artel.event.SilentLog;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.MessageId;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.TaskKind;
import dev.artel.protocol.UserId;
import dev.artel.testing.OwnDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Rows for tasks to stand on, made with SQL: the bus knows neither chat nor agents.
final class BusFixture implements AutoCloseable {
  static final BusLimits QUICK =
      new BusLimits(100, 4096, Duration.ofMinutes(10), Duration.ofMillis(800), 3);

  final Db db = OwnDatabase.db();
  final Ids ids = Ids.system();
  private final List<UserId> users = new ArrayList<>();
  final EventLog events = SilentLog.create(ids);

  private final List<Bus> started = new ArrayList<>();

  /// A process that takes work, with its handler.
  Bus start(BusLimits limits, Function<Bus, TaskHandler> handler) {
    Bus bus = bus(limits);
    started.add(bus);
    bus.start(handler.apply(bus));
    return bus;
  }

  /// A process that takes none.
  Bus bus(BusLimits limits) {
    return Bus.create(db, events, ids, limits);
  }

  /// A user with a project and one agent.
  record Team(UserId user, ProjectId project, AgentId agent) {}

  Team team(int concurrency) {
    UserId user = OwnDatabase.newUser();
    users.add(user);
    var project = new ProjectId(ids.next());
    var agent = new AgentId(ids.next());
    db.does(
        user,
        tx ->
            tx.sql("insert into user_projects (id, user_id, name) values (:id, :user, 'p')")
                .param("id", project.value())
                .param("user", user.value())
                .update());
    addAgent(user, project, agent, "a", concurrency);
    return new Team(user, project, agent);
  }

  void addAgent(UserId user, ProjectId project, AgentId agent, String name, int concurrency) {
    db.does(
        user,
        tx ->
            tx.sql(
                    """
                    insert into user_agents (id, user_id, project_id, name, name_key, config)
                    values (:id, :user, :project, :name, :name,
                            jsonb_build_object('concurrency_limit', cast(:limit as int)))
                    """)
                .param("id", agent.value())
                .param("user", user.value())
                .param("project", project.value())
                .param("name", name)
                .param("limit", concurrency)
                .update());
  }

  SessionId session(Team team) {
    var session = new SessionId(ids.next());
    db.does(
        team.user(),
        tx ->
            tx.sql(
                    "insert into chat_sessions (id, user_id, project_id) values (:id, :user, :project)")
                .param("id", session.value())
                .param("user", team.user().value())
                .param("project", team.project().value())
                .update());
    return session;
  }

  TaskId submit(Bus bus, Team team) {
    return submit(bus, team, session(team));
  }

  TaskId submit(Bus bus, Team team, SessionId session) {
    var task = new TaskId(ids.next());
    var message = new MessageId(ids.next());
    db.does(
        team.user(),
        tx -> {
          tx.sql(
                  """
                  insert into messages (id, user_id, project_id, session_id, ordinal, role, content, status)
                  values (:id, :user, :project, :session,
                          (select count(*) + 1 from messages where user_id = :user and session_id = :session),
                          'user', 'q', 'queued')
                  """)
              .param("id", message.value())
              .param("user", team.user().value())
              .param("project", team.project().value())
              .param("session", session.value())
              .update();
          bus.submit(
              tx,
              team.user(),
              new TaskDraft(
                  task, team.project(), session, team.agent(), 1, TaskKind.MESSAGE, message, null));
        });
    return task;
  }

  /// Leaves nothing that a bus of another test would take up.
  @Override
  public void close() {
    started.forEach(Bus::close);
    for (UserId user : users) {
      db.does(
          user,
          tx -> tx.sql("delete from users where id = :id").param("id", user.value()).update());
    }
  }

  void complete(Bus bus, Claim claim) {
    db.does(
        claim.user(),
        tx ->
            bus.end(
                tx,
                claim.user(),
                claim,
                "a",
                new TaskEnd.Completed(Map.of("ok", true), "ok", null),
                Duration.ofMillis(1)));
  }

  /// Why the run is told to stop; blocks until it is.
  static StopSignal.Reason stopped(StopSignal stop) throws InterruptedException {
    var told = new CountDownLatch(1);
    stop.onStop(told::countDown);
    if (!told.await(60, TimeUnit.SECONDS)) {
      throw new AssertionError("nobody stopped the run");
    }
    return Objects.requireNonNull(stop.reason());
  }

  /// A column of a task, as text.
  @Nullable String column(TaskId task, UserId user, String column) {
    return db.read(
        user,
        tx ->
            tx.sql("select " + column + "::text from tasks where user_id = :user and id = :id")
                .param("user", user.value())
                .param("id", task.value())
                .query((row, _) -> String.valueOf(row.getString(1)))
                .optional()
                .orElse(null));
  }

  int count(UserId user, String status) {
    return db.read(
        user,
        tx ->
            tx.sql("select count(*) from tasks where user_id = :user and status = :status")
                .param("user", user.value())
                .param("status", status)
                .query(Integer.class)
                .single());
  }

  /// What happens when a lease ends: the task is offered again although its process lives.
  void takeAway(TaskId task, UserId user) {
    db.does(
        user,
        tx ->
            tx.sql(
                    "update tasks set lease_until = artel_now() - interval '1 second' where user_id = :user and id = :id")
                .param("user", user.value())
                .param("id", task.value())
                .update());
    db.dispatch(new LeaseStore()::reclaim);
  }
}
