package dev.artel.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.acceptance.Accepts;
import dev.artel.db.Db;
import dev.artel.protocol.Event;
import dev.artel.protocol.EventId;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.WireCodec;
import dev.artel.testing.Answer;
import dev.artel.testing.Client;
import dev.artel.testing.Lines;
import dev.artel.testing.World;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Two users with two projects of two sessions each: whatever one of them asks for, and whatever
/// happens anywhere, each stream carries its own and nothing else.
@Accepts({"S12.4.1", "S12.7.4"})
final class StreamMatrixTest {
  private static final int EACH = 2;
  private static final List<String> FORMATS = List.of("application/x-ndjson", "text/event-stream");

  private final World world = World.shared();
  private final List<Client> users = List.of(world.user(), world.user());
  private final List<Project> projects = new ArrayList<>();
  private final List<Session> sessions = new ArrayList<>();

  private record Project(Client owner, ProjectId id) {
    String feed() {
      return "/my/projects/" + id + "/events";
    }
  }

  private record Session(Project project, SessionId id) {
    String streamIn(Project named) {
      return "/my/projects/" + named.id() + "/chat/" + id + "/events";
    }
  }

  StreamMatrixTest() {
    for (Client user : users) {
      for (int p = 0; p < EACH; p++) {
        Answer made = user.post("/my/projects", Map.of("name", "matrix " + p)).expect(201);
        var project = new Project(user, new ProjectId(id(made)));
        projects.add(project);
        for (int s = 0; s < EACH; s++) {
          String path = "/my/projects/" + project.id() + "/chat/sessions";
          sessions.add(
              new Session(project, new SessionId(id(user.post(path, Map.of()).expect(201)))));
        }
      }
    }
  }

  private static UUID id(Answer made) {
    return UUID.fromString(made.json().get("id").stringValue());
  }

  @Test
  void a_stream_opens_for_its_owner_under_its_own_project_and_for_nobody_else() {
    int opened = 0;
    for (Client asking : users) {
      for (Project named : projects) {
        var never = new Session(named, new SessionId(UUID.randomUUID()));
        Answer unknown = asking.get(never.streamIn(named));
        assertThat(unknown.status()).isEqualTo(404);
        for (Session session : sessions) {
          String path = session.streamIn(named);
          if (asking == session.project().owner() && named.equals(session.project())) {
            try (Lines lines = asking.stream(path)) {
              assertThat(lines.status()).as(path).isEqualTo(200);
              assertThat(lines.json().get("event_type").stringValue()).isEqualTo("heartbeat");
            }
            opened++;
          } else {
            assertThat(said(asking.get(path))).as(path).isEqualTo(said(unknown));
          }
        }
        if (asking != named.owner()) {
          for (String format : FORMATS) {
            assertThat(asking.with("Accept", format).get(named.feed()).status()).isEqualTo(404);
          }
        }
      }
    }
    assertThat(opened).isEqualTo(sessions.size());
  }

  /// All that an answer says but when it was said.
  private static Map<String, Object> said(Answer answer) {
    var said = new HashMap<String, Object>();
    said.put("status", answer.status());
    answer.json().properties().stream()
        .filter(field -> !field.getKey().equals("timestamp"))
        .forEach(field -> said.put(field.getKey(), field.getValue()));
    return said;
  }

  @Test
  void what_happens_reaches_the_streams_of_its_session_and_its_feed_and_no_other() {
    record Watched(Lines lines, Project project, @Nullable Session session) {}
    var watched = new ArrayList<Watched>();
    try {
      for (String format : FORMATS) {
        for (Session session : sessions) {
          Client asking = session.project().owner().with("Accept", format);
          watched.add(
              new Watched(
                  asking.stream(session.streamIn(session.project())), session.project(), session));
        }
        for (Project project : projects) {
          watched.add(
              new Watched(
                  project.owner().with("Accept", format).stream(project.feed()), project, null));
        }
      }
      watched.forEach(each -> assertThat(next(each.lines()).get("event_id").isNull()).isTrue());
      record Written(Project project, @Nullable Session session, EventId id) {}
      var written = new ArrayList<Written>();
      // Whatever was sent astray in an earlier round stands before a later round's own event.
      for (int round = 0; round < 3; round++) {
        for (Session session : sessions) {
          written.add(new Written(session.project(), session, write(session.project(), session)));
        }
        for (Project project : projects) {
          written.add(new Written(project, null, write(project, null)));
        }
      }

      for (Watched each : watched) {
        List<String> expected =
            written.stream()
                .filter(one -> one.project().equals(each.project()))
                .filter(one -> each.session() == null || each.session().equals(one.session()))
                .map(one -> one.id().toString())
                .toList();
        var received = new ArrayList<String>();
        while (received.size() < expected.size()) {
          JsonNode line = next(each.lines());
          received.add(line.get("event_id").stringValue());
          assertThat(line.get("payload").get("user_id").stringValue())
              .isEqualTo(each.project().owner().user().toString());
        }
        assertThat(received).isEqualTo(expected);
      }
    } finally {
      watched.forEach(each -> each.lines().close());
    }
  }

  @Test
  void a_position_of_somebody_elses_is_unknown_and_tells_nothing() {
    Session mine = sessions.getFirst();
    Session theirs = sessions.getLast();
    EventId foreign = write(theirs.project(), theirs);
    EventId own = write(mine.project(), mine);
    String path = mine.streamIn(mine.project()) + "?last_event_id=";

    for (UUID position : List.of(foreign.value(), UUID.randomUUID())) {
      try (Lines lines = mine.project().owner().stream(path + position)) {
        lines.json();
        assertThat(lines.json().get("event_type").stringValue()).isEqualTo("replay_gap");
        JsonNode line = lines.json();
        while (!own.toString().equals(line.get("event_id").asString())) {
          assertThat(line.get("session_id").stringValue()).isEqualTo(mine.id().toString());
          line = lines.json();
        }
      }
    }
  }

  private EventId write(Project project, @Nullable Session session) {
    var user = project.owner().user();
    Draft draft =
        session == null
            ? Draft.in(project.id(), new Event.ProjectUpdated(project.id(), "p", null, null))
            : Draft.in(
                project.id(),
                session.id(),
                new Event.SessionUpdated(session.id(), "t", false, false, null));
    return world.door(Db.class).as(user, tx -> world.door(EventLog.class).append(tx, user, draft));
  }

  /// The next event, however it is framed.
  private static JsonNode next(Lines lines) {
    while (true) {
      String line = Objects.requireNonNull(lines.next(), "the stream has ended");
      String json = line.startsWith("data: ") ? line.substring(6) : line;
      if (json.startsWith("{")) {
        return WireCodec.json().readTree(json);
      }
    }
  }
}
