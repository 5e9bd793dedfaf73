package dev.artel.space;

import dev.artel.agent.Teams;
import dev.artel.agent.Teams.Team;
import dev.artel.http.ProjectScope;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The live handle of one user's project. Making one reads nothing; whoever needs it first opens
/// it, and who comes meanwhile waits for the same result. One that could not be opened stays so and
/// is replaced. Safe for many threads.
public final class Space {
  private final ProjectScope scope;
  private final Doors doors;
  private final Function<ProjectScope, Team> opening;
  private final LongSupplier nanos;
  private @Nullable RuntimeException failure;
  private volatile @Nullable Seen seen;
  private volatile long usedNanos;
  private volatile long openedNanos;
  private volatile @Nullable Instant openedAt;

  /// @param atNanos when it was seen, by this process' clock
  /// @param readable whether the look after that did not fail
  private record Seen(Team team, long atNanos, boolean readable) {}

  Space(ProjectScope scope, Doors doors, Function<ProjectScope, Team> opening, LongSupplier nanos) {
    this.scope = scope;
    this.doors = doors;
    this.opening = opening;
    this.nanos = nanos;
    this.usedNanos = nanos.getAsLong();
  }

  /// Reads the project once, however many call.
  ///
  /// @throws RuntimeException what the first caller met, for all
  void open() {
    if (seen == null) {
      openOnce();
    }
  }

  private synchronized void openOnce() {
    if (failure != null) {
      throw failure;
    }
    if (seen != null) {
      return;
    }
    try {
      Team team = opening.apply(scope);
      openedAt = team.at();
      openedNanos = nanos.getAsLong();
      seen = new Seen(team, openedNanos, true);
    } catch (RuntimeException failed) {
      failure = failed;
      throw failed;
    }
  }

  /// Looks at the project anew.
  ///
  /// @throws RuntimeException when it cannot be read; the space then counts as unhealthy
  Team look() {
    Seen before = known();
    try {
      Team team = doors.look(scope);
      seen = new Seen(team, nanos.getAsLong(), true);
      return team;
    } catch (RuntimeException failed) {
      seen = new Seen(before.team(), before.atNanos(), false);
      throw failed;
    }
  }

  private Seen known() {
    return Objects.requireNonNull(seen, "this space is not open");
  }

  ProjectScope scope() {
    return scope;
  }

  boolean isOpen() {
    return seen != null;
  }

  /// The project's agents as they were seen last.
  Team team() {
    return known().team();
  }

  Instant lookedAt() {
    return known().team().at();
  }

  Instant openedAt() {
    return Objects.requireNonNull(openedAt, "this space is not open");
  }

  Duration uptime() {
    return Duration.ofNanos(nanos.getAsLong() - openedNanos);
  }

  void used() {
    usedNanos = nanos.getAsLong();
  }

  Duration idle() {
    return Duration.ofNanos(Math.max(0, nanos.getAsLong() - usedNanos));
  }

  /// Whether another look could tell something new that somebody cares about.
  boolean wantsLook() {
    Seen last = seen;
    return last != null
        && (usedNanos - last.atNanos() > 0 || health().level() != SpaceHealth.Level.HEALTHY);
  }

  /// As it is known; asks no database.
  SpaceHealth health() {
    Seen last = known();
    return SpaceHealth.of(last.team(), last.readable(), doors.bus().broken());
  }

  Teams.Cached cached() {
    return doors.teams().cached(scope.user(), scope.project(), team());
  }
}
