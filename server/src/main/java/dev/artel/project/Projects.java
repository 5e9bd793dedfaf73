package dev.artel.project;

import dev.artel.base.Fault;
import dev.artel.base.Ids;
import dev.artel.db.Db;
import dev.artel.db.Tx;
import dev.artel.event.Draft;
import dev.artel.event.EventLog;
import dev.artel.http.Change;
import dev.artel.http.Idempotency;
import dev.artel.http.IfMatch;
import dev.artel.http.Page;
import dev.artel.http.Paging;
import dev.artel.http.ProjectScope;
import dev.artel.http.RowVersion;
import dev.artel.protocol.ErrorCode;
import dev.artel.protocol.Event;
import dev.artel.protocol.IdText;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.UserId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The projects of every user. Each call is one transaction and blocks; safe for use by many
/// threads. A project that is someone else's does not exist here.
public final class Projects {
  /// The name of the project that paths without a project mean.
  public static final String DEFAULT_NAME = "Default Project";

  /// What the key of a repeated request is tied to.
  static final String RESOURCE = "project";

  private final Db db;
  private final Ids ids;
  private final EventLog events;
  private final Supplier<List<Furnishing>> furnishings;
  private final ProjectStore store = new ProjectStore();

  private Projects(Db db, Ids ids, EventLog events, Supplier<List<Furnishing>> furnishings) {
    this.db = db;
    this.ids = ids;
    this.events = events;
    this.furnishings = furnishings;
  }

  /// @param furnishings asked at use, because those who furnish are built after this
  public static Projects create(
      Db db, Ids ids, EventLog events, Supplier<List<Furnishing>> furnishings) {
    return new Projects(db, ids, events, furnishings);
  }

  /// @param fresh false when the project was there before
  public record Made(Project project, boolean fresh) {}

  /// Makes a project with its team, or finds the one of the same name and path: repeating the call
  /// is harmless, also at the same time. Asking for the default project by name and without a path
  /// makes it the default, so that the user does not get two of them.
  public Made make(
      UserId user,
      String name,
      @Nullable String workspacePath,
      StarterPack pack,
      Idempotency once) {
    return db.as(
        user,
        tx -> {
          lockUser(tx, user);
          Optional<Project> present = store.findByName(tx, user, name, workspacePath);
          ProjectId id = present.map(Project::id).orElseGet(() -> new ProjectId(ids.next()));
          once.record(tx, RESOURCE, id.value());
          if (present.isPresent()) {
            return new Made(present.get(), false);
          }
          boolean meansDefault =
              name.equals(DEFAULT_NAME)
                  && workspacePath == null
                  && store.findDefault(tx, user).isEmpty();
          return new Made(insert(tx, user, id, name, workspacePath, meansDefault, pack), true);
        });
  }

  private Project insert(
      Tx tx,
      UserId user,
      ProjectId id,
      String name,
      @Nullable String workspacePath,
      boolean isDefault,
      StarterPack pack) {
    Project project = store.insert(tx, user, id, name, workspacePath, isDefault);
    furnishings.get().forEach(furnishing -> furnishing.furnish(tx, user, id, pack));
    return project;
  }

  private void lockUser(Tx tx, UserId user) {
    if (!store.lockUser(tx, user)) {
      throw Fault.of(ErrorCode.AUTH_ERROR, "Invalid or expired token").with("reason", "revoked");
    }
  }

  /// The user's default project; the first request that needs it makes it, with its team.
  public ProjectId defaultOf(UserId user) {
    return db.<Optional<ProjectId>>read(user, tx -> store.findDefault(tx, user))
        .orElseGet(() -> db.as(user, tx -> makeDefault(tx, user)));
  }

  private ProjectId makeDefault(Tx tx, UserId user) {
    lockUser(tx, user);
    Optional<ProjectId> made = store.findDefault(tx, user);
    if (made.isPresent()) {
      return made.get();
    }
    Optional<Project> namesake = store.findByName(tx, user, DEFAULT_NAME, null);
    if (namesake.isPresent()) {
      store.makeDefault(tx, user, namesake.get().id());
      return namesake.get().id();
    }
    return insert(tx, user, new ProjectId(ids.next()), DEFAULT_NAME, null, true, StarterPack.ROLES)
        .id();
  }

  /// The proof that the project of a path is this user's. Fails with NOT_FOUND when it is not, or
  /// when the text is no id.
  public ProjectScope scope(UserId user, String pathText) {
    return IdText.parse(pathText)
        .map(ProjectId::new)
        .filter(id -> db.read(user, tx -> store.find(tx, user, id)).isPresent())
        .map(id -> new ProjectScope(user, id))
        .orElseThrow(Projects::missing);
  }

  /// Lets those whose things live in the project know that a request uses it.
  void used(ProjectScope scope) {
    furnishings.get().forEach(furnishing -> furnishing.used(scope));
  }

  public boolean exists(UserId user, ProjectId id) {
    return db.read(user, tx -> store.find(tx, user, id)).isPresent();
  }

  public Page<Project> list(UserId user, Paging paging) {
    return db.read(user, tx -> store.list(tx, user, paging));
  }

  public Project get(UserId user, ProjectId id) {
    return db.read(user, tx -> store.find(tx, user, id)).orElseThrow(Projects::missing);
  }

  /// The agents of a project, as their own routes show them.
  public List<?> team(UserId user, ProjectId id) {
    return db.read(
        user,
        tx ->
            furnishings.get().stream()
                .flatMap(furnishing -> furnishing.team(tx, user, id).stream())
                .toList());
  }

  /// Changes name and path. Fails with CONFLICT when another project has both already.
  public Project update(
      UserId user, ProjectId id, Change<String> name, Change<String> workspacePath, IfMatch seen) {
    return db.as(
        user,
        tx -> {
          lockUser(tx, user);
          Project present = store.lock(tx, user, id).orElseThrow(Projects::missing);
          seen.check(new RowVersion(present.version()));
          String newName = name instanceof Change.SetTo<String>(var set) ? set : present.name();
          String newPath = workspacePath.over(present.workspacePath(), null);
          if (newName.equals(present.name()) && Objects.equals(newPath, present.workspacePath())) {
            return present;
          }
          if (store.findByName(tx, user, newName, newPath).isPresent()) {
            throw Fault.conflict(
                "name_taken", "Project with this name and workspace path already exists");
          }
          Project updated = store.update(tx, user, id, newName, newPath);
          events.append(
              tx, user, Draft.in(id, new Event.ProjectUpdated(id, newName, newPath, null)));
          return updated;
        });
  }

  /// Removes the project and everything in it; the user's files are not touched.
  public void delete(UserId user, ProjectId id, IfMatch seen) {
    db.does(
        user,
        tx -> {
          Project present = store.lock(tx, user, id).orElseThrow(Projects::missing);
          seen.check(new RowVersion(present.version()));
          furnishings.get().forEach(furnishing -> furnishing.removing(tx, user, id));
          store.delete(tx, user, id);
        });
  }

  private static Fault missing() {
    return Fault.notFound("Project not found");
  }
}
