package dev.artel.space;

import dev.artel.agent.Teams.Team;
import dev.artel.base.Fault;
import dev.artel.bus.TaskDraft;
import dev.artel.db.Tx;
import dev.artel.http.Caller;
import dev.artel.http.ProjectScope;
import dev.artel.http.RevocationListener;
import dev.artel.http.WorkspaceCensus;
import dev.artel.protocol.ErrorCode;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The door to the live handles of projects, one for each project in use. Letting one go loses
/// nothing: tasks and agents are rows, and the next use opens another. Safe for many threads.
public final class Spaces implements WorkspaceCensus, RevocationListener, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Spaces.class);

  /// As long as agents are looked after once their work is done.
  static final Duration IDLE_MAX = Duration.ofMinutes(30);

  /// Some hundred bytes each; beyond, the one used longest ago goes.
  static final int SPACES_MAX = 2_000;

  private static final String RESET = "reset by an operator";

  private final Doors doors;
  private final Function<ProjectScope, Team> opening;
  private final LongSupplier nanos;
  private final int max;

  /// The one used longest ago first. Guarded by itself, and never while anything is read.
  private final LinkedHashMap<ProjectScope, Space> spaces = new LinkedHashMap<>(16, 0.75f, true);

  Spaces(Doors doors) {
    this(doors, doors::open, System::nanoTime, SPACES_MAX);
  }

  /// @param opening reads a project when its space is opened
  Spaces(Doors doors, Function<ProjectScope, Team> opening, LongSupplier nanos, int max) {
    this.doors = doors;
    this.opening = opening;
    this.nanos = nanos;
    this.max = max;
  }

  /// The space of a project that was checked to be the user's, opened. Blocks while it is being
  /// opened; those of other projects do not wait.
  ///
  /// @throws Fault NOT_FOUND when the project is gone meanwhile; nothing is kept then, nor after
  ///   any other failure, so that the next call tries again
  public Space of(ProjectScope scope) {
    Space space;
    List<Space> over = new ArrayList<>();
    synchronized (spaces) {
      space = spaces.computeIfAbsent(scope, fresh -> new Space(fresh, doors, opening, nanos));
      while (spaces.size() > max) {
        over.add(spaces.pollFirstEntry().getValue());
      }
    }
    space.used();
    over.forEach(this::letGo);
    if (!space.isOpen()) {
      open(space);
    }
    return space;
  }

  private void open(Space space) {
    try {
      logged("open", space.scope(), space::open);
    } catch (RuntimeException failure) {
      synchronized (spaces) {
        spaces.remove(space.scope(), space);
      }
      throw failure;
    }
  }

  /// The present space of a project, which this never makes.
  public Optional<Space> get(UserId user, ProjectId project) {
    synchronized (spaces) {
      return Optional.ofNullable(spaces.get(new ProjectScope(user, project)));
    }
  }

  /// Lets a space go; its project's tasks go on, its agents, memory and files stay.
  ///
  /// @return whether there was one
  public boolean remove(UserId user, ProjectId project) {
    Space removed;
    synchronized (spaces) {
      removed = spaces.remove(new ProjectScope(user, project));
    }
    if (removed != null) {
      letGo(removed);
    }
    return removed != null;
  }

  /// @return how many there were
  public int removeUser(UserId user) {
    return remove(space -> space.scope().user().equals(user));
  }

  /// How many spaces a user has.
  public int count(UserId user) {
    return Math.toIntExact(
        all().stream().filter(space -> space.scope().user().equals(user)).count());
  }

  private int remove(Predicate<Space> which) {
    var removed = new ArrayList<Space>();
    synchronized (spaces) {
      spaces
          .values()
          .removeIf(space -> {
            boolean goes = which.test(space);
            if (goes) {
              removed.add(space);
            }
            return goes;
          });
    }
    removed.forEach(this::letGo);
    return removed.size();
  }

  private void letGo(Space space) {
    ProjectScope scope = space.scope();
    logged("let go", scope, () -> doors.teams().letGo(scope.user(), scope.project()));
  }

  /// Hands a turn to its agent, in the transaction that stores the message.
  public void hand(Tx tx, UserId user, TaskDraft turn) {
    doors.bus().submit(tx, user, turn);
  }

  /// What an operator's reset did.
  ///
  /// @param stopped tasks that were open
  record Reset(Space space, int stopped) {}

  /// Stops all work of the project at once and opens its space anew.
  ///
  /// @throws Fault NOT_FOUND
  Reset reset(UserId user, ProjectId project) {
    var scope = new ProjectScope(user, project);
    doors.refuseMissing(scope);
    int stopped = doors.bus().stopProject(user, project, RESET);
    boolean _ = remove(user, project);
    log.atInfo()
        .addKeyValue("user_id", user)
        .addKeyValue("project_id", project)
        .addKeyValue("stopped", stopped)
        .log("an operator reset a worker space");
    return new Reset(of(scope), stopped);
  }

  /// Lets go what nobody used for long, and looks at what was used since its last look.
  void round() {
    int _ = remove(space -> space.idle().compareTo(IDLE_MAX) >= 0);
    for (Space space : all()) {
      if (space.wantsLook()) {
        look(space);
      }
    }
  }

  private void look(Space space) {
    try {
      Team _ = space.look();
    } catch (Fault gone) {
      if (gone.code() == ErrorCode.NOT_FOUND) {
        boolean _ = remove(space.scope().user(), space.scope().project());
      }
    } catch (RuntimeException failure) {
      log.warn(
          "a worker space could not be looked at; the next round does: {}", failure.toString());
    }
  }

  /// The spaces as they are now, the one used longest ago first.
  List<Space> all() {
    synchronized (spaces) {
      return List.copyOf(spaces.values());
    }
  }

  @Override
  public Counts counts() {
    int healthy = 0;
    int degraded = 0;
    int unhealthy = 0;
    List<Space> open = all().stream().filter(Space::isOpen).toList();
    for (Space space : open) {
      switch (space.health().level()) {
        case HEALTHY -> healthy++;
        case DEGRADED -> degraded++;
        case UNHEALTHY -> unhealthy++;
      }
    }
    return new Counts(open.size(), healthy, degraded, unhealthy);
  }

  /// Agents of an open space, on the average.
  double agentsPerProject() {
    return all().stream()
        .filter(Space::isOpen)
        .mapToInt(space -> space.team().members().size())
        .average()
        .orElse(0);
  }

  /// Whose every token has ended needs no space; one who signs in again gets another.
  @Override
  public void ended(Predicate<Caller> whose) {
    int _ =
        remove(space ->
            whose.test(
                new Caller(
                    space.scope().user(), Set.of(), Set.of(), null, Instant.EPOCH, Instant.MAX)));
  }

  /// Lets all go. What their tasks have not ended is stored by the bus.
  @Override
  public void close() {
    int _ = remove(_ -> true);
  }

  private static void logged(String what, ProjectScope scope, Runnable operation) {
    long begun = System.nanoTime();
    boolean done = false;
    log.debug("worker space {} {}: {} begins", scope.user(), scope.project(), what);
    try {
      operation.run();
      done = true;
    } finally {
      log.atDebug()
          .addKeyValue("user_id", scope.user())
          .addKeyValue("project_id", scope.project())
          .addKeyValue("duration_ms", Duration.ofNanos(System.nanoTime() - begun).toMillis())
          .log("worker space: {} {}", what, done ? "done" : "failed");
    }
  }

  /// For the operator, by `{user_id}_{project_id}`.
  Map<String, Space> byKey() {
    var named = new LinkedHashMap<String, Space>();
    for (Space space : all()) {
      named.put(space.scope().user() + "_" + space.scope().project(), space);
    }
    return named;
  }
}
