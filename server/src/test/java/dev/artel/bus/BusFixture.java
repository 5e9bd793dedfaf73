package dev.artel.bus;

import dev.artel.base.Ids;
import dev.artel.db.Db;
import dev.artel.db.Tx;
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
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/// Rows for tasks to stand on, made with SQL: the bus knows neither chat nor agents.
final class BusFixture implements AutoCloseable {
  /// Nothing is kept of tasks.
  static final Origin NO_ORIGIN =
      new Origin() {
        @Override
        public void hold(Tx tx, UserId user, TaskRef task) {}

        @Override
        public void cancelled(Tx tx, UserId user, TaskRef task, String reason) {}

        @Override
        public void again(Tx tx, UserId user, TaskRef ended, TaskId again) {
          throw new IllegalStateException("nobody keeps what task " + ended.id() + " was for");
        }
      };

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
    return Bus.create(db, events, ids, limits, new SimpleMeterRegistry(), () -> NO_ORIGIN);
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

  /// Submits work of its own, without session and message.
  TaskId submit(Bus bus, Team team, Priority priority, TaskId... dependsOn) {
    return submit(bus, team, team.agent(), priority, dependsOn);
  }

  TaskId submit(Bus bus, Team team, AgentId agent, Priority priority, TaskId... dependsOn) {
    var task = new TaskId(ids.next());
    db.does(
        team.user(),
        tx ->
            bus.submit(
                tx,
                team.user(),
                new TaskDraft(
                    task,
                    team.project(),
                    null,
                    agent,
                    1,
                    TaskKind.PLAN_TASK,
                    null,
                    null,
                    priority,
                    Set.of(dependsOn))));
    return task;
  }

  /// Fills the queues of that many more agents of the team, by the shortest way.
  void fill(Team team, int agents, int tasksEach) {
    for (int i = 0; i < agents; i++) {
      AgentId agent = agent(team, 3);
      db.does(
          team.user(),
          tx ->
              tx.sql(
                      """
                      insert into tasks (id, user_id, project_id, agent_id, agent_version, kind, status, position)
                      select gen_random_uuid(), :user, :project, :agent, 1, 'plan_task', 'queued', n
                        from generate_series(1, :count) n
                      """)
                  .param("user", team.user().value())
                  .param("project", team.project().value())
                  .param("agent", agent.value())
                  .param("count", tasksEach)
                  .update());
    }
  }

  /// Lets the planner know how much there is.
  void analyze() {
    try (var connection =
            java.sql.DriverManager.getConnection(
                OwnDatabase.settings().owner().url(),
                OwnDatabase.settings().owner().user(),
                OwnDatabase.settings().owner().password());
        var statement = connection.createStatement()) {
      statement.execute("analyze tasks, user_agents");
    } catch (java.sql.SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }

  /// How the claim was carried out; what it claimed is given back.
  String explainClaim() {
    return db.dispatch(tx -> {
      String plan =
          String.join(
              "\n",
              tx.sql("explain (analyze, costs off, timing off, summary off) " + LeaseStore.CLAIM)
                  .param("places", 100)
                  .param("least", 0)
                  .param("served", new UUID[0])
                  .param("node", ids.next())
                  .param("lease", 6.0)
                  .param("running_time", 600.0)
                  .query(String.class)
                  .list());
      tx.sql(
              """
              update tasks set status = 'queued', lease_owner = null, lease_until = null
               where status = 'running'
              """)
          .update();
      return plan;
    });
  }

  /// The rows that the plan's scans of tasks read, those that they filtered away included.
  long rowsRead(String plan) {
    long read = 0;
    long loops = 1;
    for (String line : plan.split("\n", -1)) {
      Matcher scan = SCAN.matcher(line);
      if (scan.find()) {
        loops = Long.parseLong(scan.group(2));
        read += (long) (Double.parseDouble(scan.group(1)) * loops);
      }
      Matcher removed = REMOVED.matcher(line);
      if (removed.find()) {
        read += Long.parseLong(removed.group(1)) * loops;
      }
    }
    return read;
  }

  private static final Pattern SCAN =
      Pattern.compile("Scan .*on tasks .*\\(actual rows=([\\d.]+) loops=(\\d+)\\)");
  private static final Pattern REMOVED = Pattern.compile("Rows Removed by Filter: (\\d+)");

  /// Another agent of the team.
  AgentId agent(Team team, int concurrency) {
    var agent = new AgentId(ids.next());
    addAgent(team.user(), team.project(), agent, "a" + agent, concurrency);
    return agent;
  }

  /// Claims as a process would that then falls silent.
  List<Claim> claimAndDie(BusLimits limits) {
    return db.dispatch(tx ->
            new LeaseStore()
                .claim(tx, ids.next(), new Overload.Room(100, Priority.NORMAL), List.of(), limits))
        .claims();
  }

  /// Changes what one column of the team's agent says.
  void setLimit(Team team, int concurrency) {
    db.does(
        team.user(),
        tx ->
            tx.sql(
                    """
                    update user_agents
                       set config = jsonb_set(config, '{concurrency_limit}', to_jsonb(:limit))
                     where user_id = :user and id = :agent
                    """)
                .param("limit", concurrency)
                .param("user", team.user().value())
                .param("agent", team.agent().value())
                .update());
  }

  String status(TaskId task, Team team) {
    return String.valueOf(column(task, team.user(), "status"));
  }

  void await(Callable<Boolean> condition) {
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(condition);
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
    end(bus, claim, new TaskEnd.Completed(Map.of("ok", true), "ok", null));
  }

  void end(Bus bus, Claim claim, TaskEnd end) {
    db.does(claim.user(), tx -> bus.end(tx, claim.user(), claim, "a", end, Duration.ofMillis(1)));
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
                    "update tasks set lease_until = artel_now() - interval '1 second' where user_id = :user and id = :id and status = 'running'")
                .param("user", user.value())
                .param("id", task.value())
                .update());
    db.dispatch(new LeaseStore()::reclaim);
  }
}
