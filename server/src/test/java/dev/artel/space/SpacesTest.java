package dev.artel.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.artel.acceptance.Accepts;
import dev.artel.agent.Teams;
import dev.artel.base.Fault;
import dev.artel.bus.Bus;
import dev.artel.http.ProjectScope;
import dev.artel.http.WorkspaceCensus.Counts;
import dev.artel.project.Projects;
import dev.artel.protocol.ErrorCode;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.UserId;
import dev.artel.testing.TestDatabase;
import dev.artel.testing.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// Spaces are opened once, by use, and let go; over real projects in PostgreSQL.
final class SpacesTest {
  private final World world = World.shared();
  private final Projects projects = world.door(Projects.class);
  private final Doors doors = new Doors(projects, world.door(Teams.class), world.door(Bus.class));
  private final AtomicLong nanos = new AtomicLong();

  private ProjectScope project() {
    return project(TestDatabase.newUser());
  }

  private ProjectScope project(UserId user) {
    return new ProjectScope(user, projects.defaultOf(user));
  }

  private ProjectScope another(UserId user, String name) {
    String made =
        world
            .user(user)
            .post("/my/projects", java.util.Map.of("name", name))
            .expect(201)
            .json()
            .path("id")
            .asString();
    return new ProjectScope(user, new ProjectId(UUID.fromString(made)));
  }

  private Spaces spaces() {
    return spaces(doors::open, 100);
  }

  private Spaces spaces(Function<ProjectScope, Teams.Team> opening, int max) {
    return new Spaces(doors, opening, nanos::get, max);
  }

  private static <T> List<T> together(int many, Callable<T> call) throws Exception {
    var start = new CountDownLatch(1);
    var all = new ArrayList<Future<T>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < many; i++) {
        all.add(
            threads.submit(() -> {
              start.await();
              return call.call();
            }));
      }
      start.countDown();
      var results = new ArrayList<T>();
      for (Future<T> one : all) {
        results.add(one.get());
      }
      return results;
    }
  }

  @Test
  @Accepts({"WS-10.8.1", "WS-10.10.2", "WS-10.10.9"})
  void concurrent_firsts_share_one_space_that_is_opened_once() throws Exception {
    var opened = new AtomicInteger();
    Spaces spaces =
        spaces(
            scope -> {
              opened.incrementAndGet();
              return doors.open(scope);
            },
            100);
    ProjectScope scope = project();

    List<Space> all = together(50, () -> spaces.of(scope));

    var distinct = java.util.Collections.newSetFromMap(new IdentityHashMap<Space, Boolean>());
    distinct.addAll(all);
    assertThat(distinct).hasSize(1);
    assertThat(opened).hasValue(1);
    assertThat(all.getFirst().team().members())
        .extracting(Teams.Member::agentName)
        .containsExactlyInAnyOrder("Architect", "Orchestrator", "Ask", "Debug", "Code");
  }

  @Test
  @Accepts("WS-10.1.2")
  void making_a_space_reads_nothing_and_what_fails_shows_when_it_is_opened() {
    var asked = new AtomicInteger();
    var space =
        new Space(
            project(),
            doors,
            scope -> {
              asked.incrementAndGet();
              throw Fault.of(ErrorCode.SERVICE_UNAVAILABLE, "The database does not answer.");
            },
            nanos::get);

    assertThat(asked).hasValue(0);
    assertThat(space.isOpen()).isFalse();
    assertThatThrownBy(space::open).hasMessage("The database does not answer.");
    assertThat(space.isOpen()).isFalse();
  }

  @Test
  @Accepts("WS-10.10.2")
  void those_who_wait_share_a_failure_and_the_next_call_tries_again() throws Exception {
    var opening = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    var calls = new AtomicInteger();
    Spaces spaces =
        spaces(
            scope -> {
              if (calls.incrementAndGet() > 1) {
                return doors.open(scope);
              }
              opening.countDown();
              try {
                go.await();
              } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
              }
              throw Fault.of(ErrorCode.SERVICE_UNAVAILABLE, "away");
            },
            100);
    ProjectScope scope = project();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Space> first = threads.submit(() -> spaces.of(scope));
      assertThat(opening.await(30, TimeUnit.SECONDS)).isTrue();
      Space same = spaces.get(scope.user(), scope.project()).orElseThrow();
      Future<?> second = threads.submit(same::open);
      go.countDown();

      assertThatThrownBy(first::get).hasRootCauseMessage("away");
      assertThatThrownBy(second::get).hasRootCauseMessage("away");
    }
    assertThat(calls).hasValue(1);
    assertThat(spaces.all()).isEmpty();

    assertThat(spaces.of(scope).isOpen()).isTrue();
    assertThat(calls).hasValue(2);
  }

  @Test
  @Accepts("WS-10.8.2")
  void different_spaces_open_in_parallel() throws Exception {
    var both = new CountDownLatch(2);
    Spaces spaces =
        spaces(
            scope -> {
              both.countDown();
              try {
                // Each waits for the other: one after another, neither would end.
                if (!both.await(30, TimeUnit.SECONDS)) {
                  throw new AssertionError("the other one was kept waiting");
                }
              } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
              }
              return doors.open(scope);
            },
            100);
    ProjectScope one = project();
    ProjectScope other = project();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Space> first = threads.submit(() -> spaces.of(one));
      Future<Space> second = threads.submit(() -> spaces.of(other));

      assertThat(first.get().scope()).isEqualTo(one);
      assertThat(second.get().scope()).isEqualTo(other);
    }
  }

  @Test
  @Accepts("WS-10.8.2")
  void a_project_that_is_gone_or_anothers_opens_nothing() {
    Spaces spaces = spaces();
    ProjectScope theirs = project();

    for (ProjectScope none :
        List.of(
            new ProjectScope(theirs.user(), new ProjectId(UUID.randomUUID())),
            new ProjectScope(TestDatabase.newUser(), theirs.project()))) {
      assertThatThrownBy(() -> spaces.of(none)).hasMessage("Project not found");
    }
    assertThat(spaces.all()).isEmpty();
    assertThat(spaces.counts()).isEqualTo(new Counts(0, 0, 0, 0));
  }

  @Test
  @Accepts("WS-10.8.3")
  void get_finds_and_never_makes() {
    Spaces spaces = spaces();
    ProjectScope scope = project();

    assertThat(spaces.get(scope.user(), scope.project())).isEmpty();
    assertThat(spaces.all()).isEmpty();
    Space made = spaces.of(scope);
    assertThat(spaces.get(scope.user(), scope.project())).isEqualTo(Optional.of(made));
    assertThat(spaces.get(TestDatabase.newUser(), scope.project())).isEmpty();
  }

  @Test
  @Accepts("WS-10.8.4")
  void remove_forgets_once_and_the_next_request_gets_a_fresh_space() {
    Spaces spaces = spaces();
    ProjectScope scope = project();
    Space before = spaces.of(scope);

    assertThat(spaces.remove(scope.user(), scope.project())).isTrue();
    assertThat(spaces.remove(scope.user(), scope.project())).isFalse();
    assertThat(before.cached().size()).as("configurations are let go").isZero();

    Space after = spaces.of(scope);
    assertThat(after).isNotSameAs(before);
    assertThat(after.cached().size()).isEqualTo(5);
  }

  @Test
  @Accepts({"WS-10.8.5", "WS-10.8.8"})
  void spaces_of_a_user_are_counted_and_removed_together() {
    Spaces spaces = spaces();
    UserId user = TestDatabase.newUser();
    ProjectScope mine = project(user);
    ProjectScope mineToo = another(user, "second");
    ProjectScope theirs = project();
    List.of(mine, mineToo, theirs).forEach(spaces::of);

    assertThat(spaces.count(user)).isEqualTo(2);
    assertThat(spaces.removeUser(user)).isEqualTo(2);
    assertThat(spaces.count(user)).isZero();
    assertThat(spaces.removeUser(user)).isZero();
    assertThat(spaces.all()).extracting(Space::scope).containsExactly(theirs);
  }

  @Test
  @Accepts({"WS-10.8.2", "X-03"})
  void what_nobody_used_for_half_an_hour_goes_and_comes_back_by_use() {
    Spaces spaces = spaces();
    ProjectScope idle = project();
    ProjectScope busy = project();
    Space before = spaces.of(idle);
    spaces.of(busy);
    nanos.addAndGet(Spaces.IDLE_MAX.minusSeconds(1).toNanos());
    spaces.of(busy);
    spaces.round();
    assertThat(spaces.all()).hasSize(2);

    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    spaces.round();

    assertThat(spaces.all()).extracting(Space::scope).containsExactly(busy);
    assertThat(before.cached().size()).isZero();
    assertThat(spaces.of(idle).team().members()).hasSize(5);
  }

  @Test
  @Accepts("WS-10.8.2")
  void beyond_the_cap_the_one_used_longest_ago_goes() {
    Spaces spaces = spaces(doors::open, 2);
    ProjectScope first = project();
    ProjectScope second = project();
    ProjectScope third = project();
    spaces.of(first);
    spaces.of(second);
    spaces.of(first);

    spaces.of(third);

    assertThat(spaces.all()).extracting(Space::scope).containsExactly(first, third);
  }

  @Test
  void letting_one_project_go_leaves_the_cache_of_another_of_the_same_user() {
    Spaces spaces = spaces();
    UserId user = TestDatabase.newUser();
    ProjectScope one = project(user);
    ProjectScope two = another(user, "second");
    Space first = spaces.of(one);
    Space second = spaces.of(two);

    spaces.remove(user, one.project());

    assertThat(first.cached().size()).isZero();
    assertThat(second.cached().size()).isEqualTo(5);
  }

  @Test
  void twenty_users_with_three_projects_each_have_sixty_spaces_with_their_own_agents()
      throws Exception {
    Spaces spaces = spaces(doors::open, 50);
    var scopes = new ArrayList<ProjectScope>();
    for (int user = 0; user < 20; user++) {
      UserId id = TestDatabase.newUser();
      scopes.addAll(List.of(project(id), another(id, "second"), another(id, "third")));
    }
    var next = new AtomicInteger();

    List<Space> opened = together(60, () -> spaces.of(scopes.get(next.getAndIncrement())));

    assertThat(opened).extracting(Space::scope).containsExactlyInAnyOrderElementsOf(scopes);
    Set<Object> agents = new HashSet<>();
    for (Space space : opened) {
      assertThat(space.team().members()).hasSize(5);
      space.team().members().forEach(member -> agents.add(member.agentId()));
    }
    assertThat(agents).hasSize(300);
    assertThat(spaces.all()).hasSize(50);
  }
}
