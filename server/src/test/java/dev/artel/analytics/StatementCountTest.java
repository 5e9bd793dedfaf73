package dev.artel.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.agent.AgentFilter;
import dev.artel.agent.Agents;
import dev.artel.base.Ids;
import dev.artel.bus.Bus;
import dev.artel.db.Db;
import dev.artel.event.Draft;
import dev.artel.event.EventHistory;
import dev.artel.event.EventLog;
import dev.artel.event.EventQuery;
import dev.artel.http.Idempotency;
import dev.artel.http.IfMatch;
import dev.artel.http.Paging;
import dev.artel.project.Projects;
import dev.artel.project.StarterPack;
import dev.artel.protocol.Event;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.UserId;
import dev.artel.testing.CountedDatabase;
import dev.artel.testing.TestDatabase;
import dev.artel.testing.World;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// A list sends the same statements however long it is: the one that binds the transaction to its
/// user, the page, and the total.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class StatementCountTest {
  private static final Paging PAGE = new Paging(100, 0, null, null, false);
  private static final int LIST = 3;

  private final World world = World.shared();
  private final CountedDatabase counted = CountedDatabase.open();
  private final Db db = counted.db();
  private final EventLog events = world.door(EventLog.class);
  private final EventHistory history = new EventHistory(db);
  private final Projects projects = Projects.create(db, Ids.system(), events, List::of);
  private final Agents agents =
      Agents.create(db, Ids.system(), events, world.door(Bus.class), _ -> false, () -> false);
  private final Analytics analytics = Analytics.create(db, history, new Summary.Retention(90));
  private final UserId user = TestDatabase.newUser();
  private final ProjectId project = world.door(Projects.class).defaultOf(user);

  @AfterAll
  void close() {
    counted.close();
  }

  @Test
  void projects_are_listed_by_the_same_statements_however_many_there_are() {
    for (int i = 0; i < 10; i++) {
      projects.make(user, "p" + i, null, StarterPack.ROLES, Idempotency.none());
    }
    assertThat(projects.list(user, PAGE).items()).hasSize(11);

    assertThat(counted.statements(() -> projects.list(user, PAGE))).isEqualTo(LIST);
  }

  @Test
  void agents_and_versions_are_listed_by_the_same_statements_however_many_there_are() {
    long one = counted.statements(() -> agents.versions(user, project, "Ask", PAGE));
    for (int i = 0; i < 20; i++) {
      agents.create(
          user, project, "a" + i, agents.get(user, project, "Ask").config(), Idempotency.none());
      var patch = dev.artel.protocol.WireCodec.json().createObjectNode().put("max_tokens", i + 1);
      agents.patch(user, project, "Ask", null, patch, "", IfMatch.ANY);
    }

    assertThat(counted.statements(() -> agents.list(user, project, AgentFilter.ALL, PAGE)))
        .isEqualTo(LIST);
    assertThat(counted.statements(() -> agents.versions(user, project, "Ask", PAGE)))
        .isEqualTo(one)
        .isEqualTo(LIST + 1);
  }

  @Test
  void events_and_counts_cost_the_same_statements_however_long_the_log_is() {
    for (int i = 0; i < 50; i++) {
      db.does(
          user,
          tx ->
              events.append(
                  tx, user, Draft.in(project, new Event.ProjectUpdated(project, "n", null, null))));
    }
    var all = new EventQuery(List.of(), null, null, null, null, null, null, false);

    assertThat(counted.statements(() -> history.page(user, project, all, PAGE))).isEqualTo(LIST);
    assertThat(counted.statements(() -> analytics.summary(user, project))).isEqualTo(4);
    assertThat(counted.statements(() -> analytics.usage(user, null, null, null, UsageGroup.DAY)))
        .isEqualTo(2);
  }
}
