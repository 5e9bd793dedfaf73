package dev.artel.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.acceptance.Accepts;
import dev.artel.base.Ids;
import dev.artel.db.Db;
import dev.artel.http.Paging;
import dev.artel.protocol.Event;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.UserId;
import dev.artel.testing.CountedDatabase;
import dev.artel.testing.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class EventLogTest {
  private final Db db = TestDatabase.db();
  private final UserId user = TestDatabase.newUser();
  private final List<Encoder.Envelope> published = new ArrayList<>();
  private final EventLog log =
      new EventLog(
          Ids.system(),
          (_, _, events) -> {
            synchronized (published) {
              published.addAll(events);
            }
          });

  @Test
  void the_events_of_a_transaction_are_written_by_one_statement_however_many_they_are() {
    ProjectId project = project();
    SessionId session = session(project);
    try (var counted = CountedDatabase.open()) {
      long one = counted.statements(() -> write(counted.db(), project, session, 1));
      long hundred = counted.statements(() -> write(counted.db(), project, session, 100));

      assertThat(hundred).as("beside the one that binds the user").isEqualTo(one).isEqualTo(2);
    }
    assertThat(numbers("project_seq", project, null)).hasSize(101);
  }

  @Test
  void a_page_of_events_takes_the_same_statements_however_long_it_is() {
    ProjectId project = project();
    SessionId session = session(project);
    var all = new EventQuery(EventQuery.types(null), null, null, null, null, null, null, false);
    var paging = new Paging(100, 0, null, null, false);
    try (var counted = CountedDatabase.open()) {
      var history = new EventHistory(counted.db());
      write(db, project, session, 1);
      long one = counted.statements(() -> history.page(user, project, all, paging));
      write(db, project, session, 99);

      assertThat(history.page(user, project, all, paging).items()).hasSize(100);
      assertThat(counted.statements(() -> history.page(user, project, all, paging))).isEqualTo(one);
    }
  }

  private void write(Db to, ProjectId project, SessionId session, int n) {
    to.does(
        user,
        tx -> {
          for (int i = 0; i < n; i++) {
            log.append(tx, user, draft(project, session));
          }
        });
  }

  @Test
  @Accepts("S12.2.2")
  void numbers_have_no_gap_however_many_write_at_once_and_some_roll_back() throws Exception {
    ProjectId project = project();
    SessionId first = session(project);
    SessionId second = session(project);
    try (var threads = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 200; i++) {
        int n = i;
        threads.execute(() -> {
          try {
            db.does(
                user,
                tx -> {
                  log.append(tx, user, draft(project, n % 2 == 0 ? first : second));
                  log.append(tx, user, Draft.in(project, touched(project)));
                  if (n % 10 == 0) {
                    throw new IllegalStateException("changed its mind");
                  }
                });
          } catch (IllegalStateException _) {
            // The tenth transaction is meant to leave nothing behind.
          }
        });
      }
    }

    assertThat(numbers("project_seq", project, null))
        .containsExactlyElementsOf(LongStream.rangeClosed(1, 360).boxed().toList());
    assertThat(numbers("seq", project, first))
        .containsExactlyElementsOf(LongStream.rangeClosed(1, 80).boxed().toList());
    assertThat(numbers("seq", project, second))
        .containsExactlyElementsOf(LongStream.rangeClosed(1, 100).boxed().toList());
    assertThat(published).hasSize(360);
  }

  private List<Long> numbers(String column, ProjectId project, @Nullable SessionId session) {
    return db.read(
        user,
        tx ->
            tx.sql(
                    """
                    select %s from event_logs
                     where user_id = :user and project_id = :project
                       and (cast(:session as uuid) is null or session_id = :session)
                     order by 1
                    """
                        .formatted(column))
                .param("user", user.value())
                .param("project", project.value())
                .param("session", session == null ? null : session.value())
                .query(Long.class)
                .list());
  }

  private static Draft draft(ProjectId project, SessionId session) {
    return Draft.in(project, session, new Event.SessionUpdated(session, "t", false, false, null));
  }

  private static Event.ProjectUpdated touched(ProjectId project) {
    return new Event.ProjectUpdated(project, "p", null, null);
  }

  private ProjectId project() {
    var project = new ProjectId(UUID.randomUUID());
    db.does(
        user,
        tx ->
            tx.sql("insert into user_projects (id, user_id, name) values (:id, :user, 'p')")
                .param("id", project.value())
                .param("user", user.value())
                .update());
    return project;
  }

  private SessionId session(ProjectId project) {
    var session = new SessionId(UUID.randomUUID());
    db.does(
        user,
        tx ->
            tx.sql(
                    "insert into chat_sessions (id, user_id, project_id) values (:id, :user, :project)")
                .param("id", session.value())
                .param("user", user.value())
                .param("project", project.value())
                .update());
    return session;
  }
}
