package dev.artel.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.acceptance.Accepts;
import dev.artel.base.Ids;
import dev.artel.bus.Bus;
import dev.artel.event.EventLog;
import dev.artel.http.IfMatch;
import dev.artel.project.Projects;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.UserId;
import dev.artel.testing.CountedDatabase;
import dev.artel.testing.TestDatabase;
import dev.artel.testing.World;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// Configurations are read once and follow what any process changes.
final class ConfigCacheTest {
  private final World world = World.shared();
  private final Agents agents = world.door(Agents.class);
  private final UserId user = TestDatabase.newUser();
  private final ProjectId project = world.door(Projects.class).defaultOf(user);

  @Test
  @Accepts("S7.9")
  void a_second_read_sends_no_statement() {
    try (CountedDatabase counted = CountedDatabase.open()) {
      Agents other = process(counted.db());
      Agent ask = agents.get(user, project, "Ask");

      assertThat(counted.statements(() -> read(other, ask))).isPositive();
      assertThat(counted.statements(() -> read(other, ask))).isZero();
      assertThat(counted.statements(() -> read(other, ask))).isZero();

      assertThat(other.cache().hitRate()).isEqualTo(2.0 / 3);
      assertThat(other.cache().hits()).isEqualTo(2);
      assertThat(other.cache().misses()).isEqualTo(1);
    }
  }

  private void read(Agents process, Agent agent) {
    assertThat(process.running(user, project, agent.id(), agent.version())).isPresent();
  }

  @Test
  @Accepts("S7.9")
  void after_three_hundred_seconds_it_is_read_again() {
    var nanos = new AtomicLong();
    var loads = new AtomicInteger();
    var cache = new ConfigCache(nanos::get);
    Agent ask = agents.get(user, project, "Ask");
    AgentVersion version = agents.running(user, project, ask.id(), 1).orElseThrow();
    Runnable read =
        () ->
            cache.get(
                user,
                project,
                ask.id(),
                1,
                () -> {
                  loads.incrementAndGet();
                  return Optional.of(version);
                });

    assertThat(cache.isEmpty()).isTrue();
    assertThat(cache.hitRate()).isNull();
    read.run();
    nanos.set(Duration.ofSeconds(299).toNanos());
    read.run();
    assertThat(loads).hasValue(1);
    nanos.set(Duration.ofSeconds(301).toNanos());
    read.run();
    assertThat(loads).hasValue(2);
    assertThat(cache.isEmpty()).isFalse();
  }

  @Test
  @Accepts("S7.9")
  void what_one_process_changes_or_deletes_leaves_the_cache_of_every_other() {
    Agents other = process(TestDatabase.db());
    Agent ask = agents.get(user, project, "Ask");
    Agent code = agents.get(user, project, "Code");
    Agent debug = agents.get(user, project, "Debug");
    try (var following = new Freshness(TestDatabase.db(), other.cache())) {
      following.runOnce();
      read(other, ask);
      read(other, code);
      following.start();
      assertThat(other.isCached(user, project, code.id())).isTrue();

      agents.replace(user, project, "Ask", "Asked", ask.config(), IfMatch.ANY);
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> !other.isCached(user, project, ask.id()));
      assertThat(other.isCached(user, project, code.id())).isTrue();
      assertThat(other.running(user, project, ask.id(), 2).orElseThrow().name()).isEqualTo("Asked");

      agents.delete(user, project, "Debug", IfMatch.ANY);
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> !other.isCached(user, project, code.id()));
    }
    assertThat(debug.version()).isEqualTo(1);
    assertThat(Freshness.TICK).isLessThan(Duration.ofSeconds(1));
  }

  @Test
  @Accepts("S7.9")
  void the_service_itself_follows_what_another_process_changes() {
    Agents other = process(TestDatabase.db());
    Agent ask = agents.get(user, project, "Ask");
    read(agents, ask);
    assertThat(agents.isCached(user, project, ask.id())).isTrue();

    other.replace(user, project, "Ask", "Asked", ask.config(), IfMatch.ANY);

    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> !agents.isCached(user, project, ask.id()));
  }

  @Test
  void a_change_that_was_seen_is_not_acted_upon_again() {
    Agents other = process(TestDatabase.db());
    Agent ask = agents.get(user, project, "Ask");
    var following = new Freshness(TestDatabase.db(), other.cache());
    read(other, ask);
    agents.replace(user, project, "Ask", "Asked", ask.config(), IfMatch.ANY);
    following.runOnce();
    assertThat(other.isCached(user, project, ask.id())).isFalse();

    assertThat(other.running(user, project, ask.id(), 2)).isPresent();
    following.runOnce();

    assertThat(other.isCached(user, project, ask.id())).isTrue();
  }

  /// What another process has over that database.
  private Agents process(dev.artel.db.Db db) {
    return Agents.create(
        db,
        Ids.system(),
        world.door(EventLog.class),
        world.door(Bus.class),
        _ -> false,
        () -> false);
  }
}
