package dev.artel.event;

import dev.artel.protocol.EventId;
import dev.artel.protocol.SessionId;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The newest lines of one session or of one project's feed: a list that grows at its end and that
/// all readers share. A reader is a pointer into it; what no pointer reaches any more is garbage,
/// but for the newest logged lines, which are kept for those who come back. Everything but the list
/// itself is guarded by the channel's lock; readers follow the list without it.
final class Tail {
  /// A reader that skips lines still moves on after so many, or it would keep them all alive.
  private static final int SKIP_MAX = 256;

  private final int hotMax;
  private final ArrayDeque<Line> hot = new ArrayDeque<>();
  private final Set<Reader> readers = ConcurrentHashMap.newKeySet();
  private volatile Node last = new Node(null, 0, 0);
  private long hotAfter;

  /// @param hotMax how many logged lines are kept
  /// @param after the number behind which no line of this tail was missed
  Tail(int hotMax, long after) {
    this.hotMax = hotMax;
    this.hotAfter = after;
  }

  /// One place in the list. `bytes` is the length of all lines up to and with this one.
  static final class Node {
    final @Nullable Line line;
    final long index;
    final long bytes;
    volatile @Nullable Node next;

    Node(@Nullable Line line, long index, long bytes) {
      this.line = line;
      this.index = index;
      this.bytes = bytes;
    }
  }

  void append(Line line) {
    Node end = last;
    var node = new Node(line, end.index + 1, end.bytes + line.size());
    end.next = node;
    last = node;
    if (line.kind() == Line.Kind.LOGGED) {
      hot.add(line);
      while (hot.size() > hotMax) {
        dropOldest();
      }
    }
  }

  private void dropOldest() {
    hotAfter = hot.remove().projectSeq();
  }

  /// Begins to keep lines behind that number.
  void startAfter(long number) {
    hotAfter = number;
  }

  /// Lets the kept lines go that were made before that time.
  void forget(long beforeNanos) {
    while (!hot.isEmpty() && hot.getFirst().madeNanos() - beforeNanos < 0) {
      dropOldest();
    }
  }

  /// Lets the kept lines go that belonged to a session which is gone.
  void forget(SessionId session) {
    hot.removeIf(line -> session.equals(line.session()));
  }

  /// The number of that event, if its line is still kept.
  @Nullable Long numberOf(EventId event) {
    for (Line line : hot) {
      if (event.equals(line.id())) {
        return line.projectSeq();
      }
    }
    return null;
  }

  /// All logged lines with `after < number <= upTo`, or null when some are no longer kept.
  @Nullable List<Line> between(long after, long upTo) {
    return after < hotAfter
        ? null
        : hot.stream()
            .filter(line -> line.projectSeq() > after && line.projectSeq() <= upTo)
            .toList();
  }

  /// Wakes the readers that wait for such a line. Called without the lock.
  void wake(Line line) {
    long index = last.index;
    for (Reader reader : readers) {
      if (reader.request().wakesFor(line) || index - reader.index() > SKIP_MAX) {
        reader.wake();
      }
    }
  }

  /// How much of what a live reader may be behind one that stands there is behind: beyond 1 it is
  /// cut.
  double fill(Node place, StreamLimits limits) {
    Node end = last;
    return Math.max(
        (double) (end.index - place.index) / limits.lagLines(),
        (double) (end.bytes - place.bytes) / limits.lagBytes());
  }

  Node last() {
    return last;
  }

  int hotLines() {
    return hot.size();
  }

  boolean idle() {
    return readers.isEmpty() && hot.isEmpty();
  }

  Set<Reader> readers() {
    return readers;
  }
}
