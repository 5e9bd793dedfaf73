package dev.artel.event;

import dev.artel.db.Db;
import dev.artel.protocol.Event;
import dev.artel.protocol.EventId;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.testing.Client;
import dev.artel.testing.World;
import java.util.Map;
import java.util.UUID;

/// A user of a running service with a session, whose log a test writes to directly.
final class Conversation {
  final World world;
  final Client me;
  final ProjectId project;
  final SessionId session;
  final String stream;

  Conversation(World world) {
    this.world = world;
    this.me = world.user();
    this.project =
        new ProjectId(
            UUID.fromString(
                me.get("/my/me").expect(200).json().get("default_project_id").stringValue()));
    this.session = newSession();
    this.stream = "/my/projects/" + project + "/chat/" + session + "/events";
  }

  SessionId newSession() {
    return new SessionId(
        UUID.fromString(
            me.post("/my/chat/sessions", Map.of()).expect(201).json().get("id").stringValue()));
  }

  /// Appends an event of the session.
  EventId write(SessionId in, String title) {
    return append(Draft.in(project, in, new Event.SessionUpdated(in, title, false, false, null)));
  }

  /// Appends an event of the project alone.
  EventId touch(String name) {
    return append(Draft.in(project, new Event.ProjectUpdated(project, name, null, null)));
  }

  private EventId append(Draft draft) {
    return world
        .door(Db.class)
        .as(me.user(), tx -> world.door(EventLog.class).append(tx, me.user(), draft));
  }
}
