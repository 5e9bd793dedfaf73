package dev.artel.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.base.Ids;
import dev.artel.bus.Bus;
import dev.artel.db.Db;
import dev.artel.event.EventLog;
import dev.artel.event.Streams;
import dev.artel.http.Idempotency;
import dev.artel.http.Paging;
import dev.artel.http.ProjectScope;
import dev.artel.project.Projects;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.UserId;
import dev.artel.runtime.RunningAnswers;
import dev.artel.testing.CountedDatabase;
import dev.artel.testing.TestDatabase;
import dev.artel.testing.World;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The lists of chat send the same statements however long they are.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ChatStatementsTest {
  private static final Paging PAGE = new Paging(100, 0, null, null, false);

  /// The one that binds the transaction to its user, the page, the total.
  private static final int LIST = 3;

  private final World world = World.shared();
  private final CountedDatabase counted = CountedDatabase.open();
  private final Db db = counted.db();
  private final Bus bus = world.door(Bus.class);
  private final Sessions sessions =
      new Sessions(db, world.door(EventLog.class), world.door(Streams.class), bus, Ids.system());
  private final History history = new History(db, bus, world.door(RunningAnswers.class));
  private final Search search = new Search(db);
  private final UserId user = TestDatabase.newUser();
  private final ProjectId project = world.door(Projects.class).defaultOf(user);
  private final ProjectScope scope = new ProjectScope(user, project);

  @AfterAll
  void close() {
    counted.close();
  }

  private SessionId filled(int messages) {
    SessionId session = sessions.create(user, scope, null, Idempotency.none()).id();
    db.does(
        user,
        tx ->
            tx.sql(
                    """
                    insert into messages (id, user_id, project_id, session_id, ordinal, role, content, status)
                    select gen_random_uuid(), :user, :project, :session, n, 'user', 'needle ' || n, 'done'
                      from generate_series(1, :n) n
                    """)
                .param("user", user.value())
                .param("project", project.value())
                .param("session", session.value())
                .param("n", messages)
                .update());
    return session;
  }

  @Test
  void sessions_messages_and_hits() {
    SessionId session = filled(60);
    for (int i = 0; i < 12; i++) {
      filled(2);
    }
    var all = new SessionStore.Filter(null, null, false);
    var words = new Search.Query("needle", project, null, null, null, null);

    assertThat(sessions.list(user, scope, all, PAGE).sessions()).hasSize(13);
    assertThat(counted.statements(() -> sessions.list(user, scope, all, PAGE))).isEqualTo(LIST);
    assertThat(
            counted.statements(
                () -> history.page(user, scope, session, MessageReader.Filter.VISIBLE, null, PAGE)))
        .as("and whether the session exists")
        .isEqualTo(LIST + 1);
    assertThat(counted.statements(() -> history.open(user, scope, session))).isEqualTo(5);
    assertThat(search.find(user, words, PAGE).hits()).hasSize(84);
    assertThat(counted.statements(() -> search.find(user, words, PAGE))).isEqualTo(LIST);
  }
}
