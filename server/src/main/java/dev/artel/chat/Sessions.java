package dev.artel.chat;

import dev.artel.base.Fault;
import dev.artel.base.Ids;
import dev.artel.bus.Bus;
import dev.artel.db.Db;
import dev.artel.db.Tx;
import dev.artel.event.Draft;
import dev.artel.event.EventLog;
import dev.artel.event.Streams;
import dev.artel.http.Change;
import dev.artel.http.Idempotency;
import dev.artel.http.Paging;
import dev.artel.http.ProjectScope;
import dev.artel.protocol.Event;
import dev.artel.protocol.MessageId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.UserId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes, lists, changes, branches and deletes sessions.
final class Sessions {
  private final Db db;
  private final EventLog events;
  private final Streams streams;
  private final Bus bus;
  private final Ids ids;
  private final SessionStore store = new SessionStore();
  private final ForkStore forks = new ForkStore();
  private final MessageReader reader = new MessageReader();

  Sessions(Db db, EventLog events, Streams streams, Bus bus, Ids ids) {
    this.db = db;
    this.events = events;
    this.streams = streams;
    this.bus = bus;
    this.ids = ids;
  }

  Session create(UserId user, ProjectScope scope, @Nullable String title, Idempotency once) {
    return db.as(
        user,
        tx -> {
          var id = new SessionId(ids.next());
          once.record(tx, "session", id.value());
          store.insert(tx, user, id, scope.project(), title, null, null);
          tell(tx, user, scope, id, new Event.SessionCreated(id, title, false, false, null));
          return find(tx, user, scope, id);
        });
  }

  /// A session of its own that begins with what was said up to and with that message (all, without
  /// one) and goes its own way from there.
  Session fork(
      UserId user,
      ProjectScope scope,
      SessionId from,
      @Nullable MessageId upTo,
      @Nullable String title,
      Idempotency once) {
    return db.as(
        user,
        tx -> {
          SessionStore.Held source = hold(tx, user, scope, from);
          ForkStore.Turn last =
              upTo == null
                  ? ForkStore.Turn.LAST
                  : reader
                      .find(tx, user, from, upTo)
                      .map(message -> reader.turn(tx, user, message))
                      .orElseThrow(() -> Fault.notFound("Message not found"));
          var id = new SessionId(ids.next());
          once.record(tx, "session", id.value());
          String name = title != null ? title : source.title();
          store.insert(tx, user, id, scope.project(), name, from, upTo);
          forks.copy(tx, user, from, last, id);
          tell(
              tx,
              user,
              scope,
              id,
              new Event.SessionCreated(id, name, false, false, new Event.ForkedFrom(from, upTo)));
          return find(tx, user, scope, id);
        });
  }

  /// A page of sessions and how many there are.
  record Page(List<Session> sessions, long total) {}

  Page list(UserId user, ProjectScope scope, SessionStore.Filter filter, Paging paging) {
    return db.read(
        user,
        tx ->
            new Page(
                store.list(tx, user, scope.project(), filter, paging),
                store.count(tx, user, scope.project(), filter)));
  }

  Session get(UserId user, ProjectScope scope, SessionId id) {
    return db.read(user, tx -> find(tx, user, scope, id));
  }

  /// A session of whatever project.
  Session anywhere(UserId user, SessionId id) {
    return db.read(
        user,
        tx -> store.anywhere(tx, user, id).orElseThrow(() -> Fault.notFound("Session not found")));
  }

  Session find(Tx tx, UserId user, ProjectScope scope, SessionId id) {
    return store
        .find(tx, user, scope.project(), id)
        .orElseThrow(() -> Fault.notFound("Session not found"));
  }

  boolean exists(UserId user, ProjectScope scope, SessionId id) {
    return db.read(user, tx -> store.exists(tx, user, scope.project(), id));
  }

  private SessionStore.Held hold(Tx tx, UserId user, ProjectScope scope, SessionId id) {
    return store
        .hold(tx, user, scope.project(), id)
        .orElseThrow(() -> Fault.notFound("Session not found"));
  }

  /// What a PATCH asks for.
  record Edit(Change<String> title, Change<Boolean> pinned, Change<Boolean> archived) {}

  Session change(UserId user, ProjectScope scope, SessionId id, Edit edit) {
    return db.as(
        user,
        tx -> {
          SessionStore.Held old = hold(tx, user, scope, id);
          String title = edit.title().over(old.title(), null);
          boolean titleSet = edit.title().changes() ? title != null : old.titleSet();
          boolean pinned = Boolean.TRUE.equals(edit.pinned().over(old.pinned(), false));
          boolean archived = Boolean.TRUE.equals(edit.archived().over(old.archived(), false));
          store.update(tx, user, id, title, titleSet, pinned, archived);
          Session changed = find(tx, user, scope, id);
          tell(
              tx,
              user,
              scope,
              id,
              new Event.SessionUpdated(id, title, pinned, archived, changed.forkedFrom()));
          return changed;
        });
  }

  /// Deletes the session and everything in it; its streams end, its running work stops.
  void delete(UserId user, ProjectScope scope, SessionId id) {
    db.does(
        user,
        tx -> {
          bus.forgetSession(tx, user, id);
          if (!store.delete(tx, user, scope.project(), id)) {
            throw Fault.notFound("Session not found");
          }
          streams.closeWith(tx, user, scope.project(), id);
          events.append(tx, user, Draft.in(scope.project(), new Event.SessionDeleted(id)));
        });
  }

  private void tell(Tx tx, UserId user, ProjectScope scope, SessionId session, Event.Logged event) {
    events.append(tx, user, Draft.in(scope.project(), session, event));
  }
}
