package dev.artel.event;

import dev.artel.protocol.EventId;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.UserId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The live end of one project's log: takes lines strictly by number, whatever order the commits
/// were reported in, and lays each on the feed and on its session. A line that comes early waits
/// for its predecessor.
final class Channel {
  private static final long UNKNOWN = -1;

  final UserId user;
  final ProjectId project;

  private final Tail feed = new Tail();
  private final Map<SessionId, Tail> sessions = new HashMap<>();
  private final TreeMap<Long, Line> early = new TreeMap<>();
  private long last = UNKNOWN;
  private boolean opening;
  private long touchedNanos;

  Channel(UserId user, ProjectId project, long nowNanos) {
    this.user = user;
    this.project = project;
    this.touchedNanos = nowNanos;
  }

  /// Takes committed lines.
  ///
  /// @return whether one of them still waits for a predecessor
  boolean publish(List<Line> lines, long nowNanos) {
    List<Line> placed;
    boolean gap;
    synchronized (this) {
      touchedNanos = nowNanos;
      if (last == UNKNOWN && !opening) {
        last = lines.getFirst().projectSeq() - 1;
      }
      for (Line line : lines) {
        if (last == UNKNOWN || line.projectSeq() > last) {
          early.put(line.projectSeq(), line);
        }
      }
      placed = last == UNKNOWN ? List.of() : placeInOrder();
      gap = last != UNKNOWN && !early.isEmpty();
    }
    wake(placed);
    return gap;
  }

  private List<Line> placeInOrder() {
    var placed = new ArrayList<Line>();
    while (!early.isEmpty() && early.firstKey() == last + 1) {
      Line line = early.pollFirstEntry().getValue();
      place(line);
      last++;
      placed.add(line);
    }
    return placed;
  }

  private void place(Line line) {
    feed.append(line);
    SessionId session = line.session();
    if (session != null) {
      sessions.computeIfAbsent(session, _ -> new Tail()).append(line);
    }
  }

  private void wake(List<Line> placed) {
    for (Line line : placed) {
      feed.wake(line);
      SessionId session = line.session();
      Tail tail = session == null ? null : tail(session);
      if (tail != null) {
        tail.wake(line);
      }
    }
  }

  private synchronized @Nullable Tail tail(SessionId session) {
    return sessions.get(session);
  }

  /// Tells those who listen and asked for it; kept for nobody.
  void live(Line line, SessionId session) {
    Tail tail;
    synchronized (this) {
      tail = sessions.computeIfAbsent(session, _ -> new Tail());
      feed.append(line);
      tail.append(line);
    }
    feed.wake(line);
    tail.wake(line);
  }

  boolean listening(SessionId session) {
    Tail tail = tail(session);
    return anyDeltas(feed) || (tail != null && anyDeltas(tail));
  }

  private static boolean anyDeltas(Tail tail) {
    return tail.readers().stream().anyMatch(reader -> reader.request().deltas());
  }

  /// Where a reader joins: the list it follows, the place behind which it follows, and the number
  /// up to which the log already holds everything.
  record Joint(Tail tail, Tail.Node node, long upTo) {}

  /// Registers a reader. What is committed later than `upTo` will be found behind `node`.
  ///
  /// @param head reads the project's newest committed number from the database
  Joint join(Reader reader, @Nullable SessionId session, LongSupplier head) {
    synchronized (this) {
      if (last != UNKNOWN) {
        return register(reader, session);
      }
      opening = true;
    }
    long newest = head.getAsLong();
    List<Line> placed;
    Joint joint;
    synchronized (this) {
      if (last == UNKNOWN) {
        last = newest;
        early.headMap(newest, true).clear();
      }
      opening = false;
      joint = register(reader, session);
      placed = placeInOrder();
    }
    wake(placed);
    return joint;
  }

  private Joint register(Reader reader, @Nullable SessionId session) {
    Tail tail = session == null ? feed : sessions.computeIfAbsent(session, _ -> new Tail());
    tail.add(reader);
    return new Joint(tail, tail.last(), last);
  }

  /// The joint of a reader that is registered already, moved to the present end.
  synchronized Joint rejoin(Tail tail) {
    return new Joint(tail, tail.last(), last);
  }

  /// The place of a position among the lines still held, if they reach back to it.
  synchronized Tail.@Nullable Node find(Tail tail, EventId event) {
    return tail.find(event);
  }

  synchronized void leave(Reader reader, Tail tail, long nowNanos) {
    tail.remove(reader);
    touchedNanos = nowNanos;
  }

  /// Numbers that are missing before the first early line, as (after, before); null when none.
  synchronized long @Nullable [] gap() {
    return last == UNKNOWN || early.isEmpty() ? null : new long[] {last, early.firstKey()};
  }

  synchronized long last() {
    return last;
  }

  /// Goes on behind a gap: the given lines are all that the log still holds of it.
  void fill(long before, List<Line> lines) {
    List<Line> placed;
    synchronized (this) {
      placed = new ArrayList<>();
      for (Line line : lines) {
        if (line.projectSeq() > last) {
          place(line);
          last = line.projectSeq();
          placed.add(line);
        }
      }
      last = Math.max(last, before - 1);
      early.headMap(last, true).clear();
      placed.addAll(placeInOrder());
    }
    wake(placed);
  }

  /// The session is gone: its lines are kept no longer.
  synchronized List<Reader> close(SessionId session) {
    Tail tail = sessions.remove(session);
    return tail == null ? List.of() : List.copyOf(tail.readers());
  }

  synchronized void eachReader(Consumer<Reader> consumer) {
    feed.readers().forEach(consumer);
    sessions.values().forEach(tail -> tail.readers().forEach(consumer));
  }

  /// Cuts those whose clients do not read.
  synchronized void cutStuck(long nowNanos) {
    feed.readers().forEach(reader -> reader.cutIfStuck(nowNanos, feed));
    sessions
        .values()
        .forEach(tail -> tail.readers().forEach(reader -> reader.cutIfStuck(nowNanos, tail)));
  }

  /// Drops what nobody follows and nobody may come back for; whether nothing is left.
  synchronized boolean idle(long nowNanos, long keepNanos) {
    if (opening || nowNanos - touchedNanos < keepNanos) {
      return false;
    }
    sessions.values().removeIf(tail -> tail.readers().isEmpty());
    return sessions.isEmpty() && feed.readers().isEmpty();
  }

  synchronized int hotLines(@Nullable SessionId session) {
    Tail tail = session == null ? feed : sessions.get(session);
    return tail == null ? 0 : tail.hotLines();
  }
}
