package dev.artel.event;

import dev.artel.protocol.EventId;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.UserId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  private final StreamLimits limits;
  private final Tail feed;
  private final Map<SessionId, Tail> sessions = new HashMap<>();

  /// Readers of sessions that are gone, until they have left: one that is stuck must still be cut.
  private final Set<Reader> leaving = new HashSet<>();

  private final TreeMap<Long, Line> early = new TreeMap<>();
  private long last = UNKNOWN;
  private @Nullable EventId lastId;
  private int opening;
  private boolean retired;

  Channel(UserId user, ProjectId project, StreamLimits limits) {
    this.user = user;
    this.project = project;
    this.limits = limits;
    this.feed = new Tail(limits.hotLines(), 0);
  }

  /// Takes committed lines of any order. Lines of a retired channel are lost on nobody: who joins
  /// its successor reads them in the log.
  ///
  /// @return whether one of them still waits for a predecessor
  boolean publish(List<Line> lines) {
    List<Line> placed;
    boolean gap;
    synchronized (this) {
      if (last == UNKNOWN && opening == 0) {
        begin(lines.stream().mapToLong(Line::projectSeq).min().orElseThrow() - 1);
      }
      for (Line line : lines) {
        if (line.projectSeq() > last) {
          early.put(line.projectSeq(), line);
        }
      }
      placed = last == UNKNOWN ? List.of() : placeInOrder();
      gap = last != UNKNOWN && !early.isEmpty();
    }
    wake(placed);
    return gap;
  }

  private void begin(long number) {
    last = number;
    feed.startAfter(number);
  }

  private List<Line> placeInOrder() {
    var placed = new ArrayList<Line>();
    while (!early.isEmpty() && early.firstKey() == last + 1) {
      Line line = early.pollFirstEntry().getValue();
      place(line);
      placed.add(line);
    }
    return placed;
  }

  private void place(Line line) {
    feed.append(line);
    SessionId session = line.session();
    if (session != null) {
      tail(session).append(line);
    }
    last = line.projectSeq();
    lastId = line.id();
  }

  private Tail tail(SessionId session) {
    return sessions.computeIfAbsent(session, _ -> new Tail(limits.hotLines(), last));
  }

  private void wake(List<Line> placed) {
    for (Line line : placed) {
      feed.wake(line);
      SessionId session = line.session();
      Tail tail = session == null ? null : known(session);
      if (tail != null) {
        tail.wake(line);
      }
    }
  }

  private synchronized @Nullable Tail known(@Nullable SessionId session) {
    return session == null ? feed : sessions.get(session);
  }

  /// Tells those who listen and asked for it; kept for nobody.
  void live(Line line, SessionId session) {
    Tail tail;
    synchronized (this) {
      tail = sessions.get(session);
      feed.append(line);
      if (tail != null) {
        tail.append(line);
      }
    }
    feed.wake(line);
    if (tail != null) {
      tail.wake(line);
    }
  }

  boolean listening(SessionId session) {
    Tail tail = known(session);
    return anyDeltas(feed) || (tail != null && anyDeltas(tail));
  }

  private static boolean anyDeltas(Tail tail) {
    return tail.readers().stream().anyMatch(reader -> reader.request().deltas());
  }

  /// What became of a wish to join.
  enum Joined {
    YES,
    /// The session has as many readers as it may have.
    FULL,
    /// The channel was given up meanwhile; there is, or will be, another.
    RETIRED
  }

  /// Registers a reader: what is committed from now on it will find in the tail, and everything
  /// before that in the log.
  ///
  /// @param head reads the project's newest committed number from the database
  Joined join(Reader reader, LongSupplier head) {
    synchronized (this) {
      if (last != UNKNOWN || retired) {
        return register(reader);
      }
      opening++;
    }
    long newest = UNKNOWN;
    List<Line> placed = List.of();
    Joined joined;
    try {
      newest = head.getAsLong();
    } finally {
      synchronized (this) {
        opening--;
        if (newest != UNKNOWN && last == UNKNOWN) {
          begin(newest);
          early.headMap(newest, true).clear();
        }
        joined = newest == UNKNOWN ? Joined.RETIRED : register(reader);
        if (last != UNKNOWN) {
          placed = placeInOrder();
        } else if (opening == 0) {
          // Nobody could say where the log stands: whoever joins next reads these lines there.
          early.clear();
        }
      }
    }
    wake(placed);
    return joined;
  }

  private Joined register(Reader reader) {
    if (retired) {
      return Joined.RETIRED;
    }
    SessionId session = reader.request().session();
    Tail tail = session == null ? feed : tail(session);
    if (session != null && tail.readers().size() >= limits.connectionsPerSession()) {
      return Joined.FULL;
    }
    tail.readers().add(reader);
    reader.stand(tail, tail.last(), last, lastId);
    return Joined.YES;
  }

  /// Moves a registered reader to the present end.
  synchronized void rejoin(Reader reader) {
    Tail tail = reader.tail();
    reader.stand(tail, tail.last(), last, lastId);
  }

  synchronized void leave(Reader reader) {
    leaving.remove(reader);
    reader.tail().readers().remove(reader);
  }

  /// A position among the lines still kept, and what follows it.
  record Recent(long number, List<Line> lines) {}

  /// What followed that event up to that number, if all of it is still kept.
  synchronized @Nullable Recent recent(@Nullable SessionId session, EventId event, long upTo) {
    Tail tail = known(session);
    if (tail == null) {
      return null;
    }
    Long own = tail.numberOf(event);
    // A position may be any event of the project, also one of another session.
    Long number = own != null ? own : feed.numberOf(event);
    List<Line> lines = number == null ? null : tail.between(number, upTo);
    return number == null || lines == null ? null : new Recent(number, lines);
  }

  /// Numbers that are missing before the first early line, both exclusive.
  record Gap(long after, long before) {}

  synchronized @Nullable Gap gap() {
    return last == UNKNOWN || early.isEmpty() ? null : new Gap(last, early.firstKey());
  }

  /// The newest number that was passed on here, or -1 before the first.
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
          placed.add(line);
        }
      }
      last = Math.max(last, before - 1);
      early.headMap(last, true).clear();
      placed.addAll(placeInOrder());
    }
    wake(placed);
  }

  /// The session is gone: its lines are kept no longer, and its readers are to be told.
  synchronized List<Reader> close(SessionId session) {
    feed.forget(session);
    Tail tail = sessions.remove(session);
    if (tail == null) {
      return List.of();
    }
    leaving.addAll(tail.readers());
    return List.copyOf(tail.readers());
  }

  synchronized void eachReader(Consumer<Reader> consumer) {
    feed.readers().forEach(consumer);
    sessions.values().forEach(tail -> tail.readers().forEach(consumer));
    leaving.forEach(consumer);
  }

  /// Lets go what was kept for long enough and cuts those whose clients do not read.
  ///
  /// @return whether nothing is left: then the channel has retired and takes nobody in any more
  synchronized boolean sweep(long nowNanos) {
    long before = nowNanos - limits.hotTtl().toNanos();
    feed.forget(before);
    sessions.values().forEach(tail -> tail.forget(before));
    sessions.values().removeIf(Tail::idle);
    eachReader(reader -> reader.sweep(nowNanos));
    retired = opening == 0 && sessions.isEmpty() && leaving.isEmpty() && feed.idle();
    return retired;
  }

  synchronized int hotLines(@Nullable SessionId session) {
    Tail tail = known(session);
    return tail == null ? 0 : tail.hotLines();
  }

  synchronized int following(@Nullable SessionId session) {
    Tail tail = known(session);
    return tail == null ? 0 : tail.readers().size();
  }

  /// The most readers of one session.
  synchronized int sessionReadersMax() {
    return sessions.values().stream().mapToInt(tail -> tail.readers().size()).max().orElse(0);
  }
}
