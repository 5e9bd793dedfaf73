package dev.artel.event;

import dev.artel.protocol.EventId;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The newest lines of one session or of one project's feed: a list that grows at its end and that
/// all readers share. A reader is a pointer into it; what no pointer reaches any more is garbage.
/// Lines are appended under the lock of the channel; readers take none.
final class Tail {
  /// How many logged lines are kept for those who come back.
  static final int HOT_LINES = 100;

  /// A reader that skips lines still moves on after so many, or it would keep them all alive.
  private static final int SKIP_MAX = 256;

  private volatile Node last = new Node(null, 0, 0);
  private Node beforeHot = last;
  private int hot;
  private final Set<Reader> readers = ConcurrentHashMap.newKeySet();

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

  /// Called under the channel's lock.
  void append(Line line) {
    Node end = last;
    var node = new Node(line, end.index + 1, end.bytes + line.size());
    end.next = node;
    last = node;
    if (line.kind() == Line.Kind.LOGGED) {
      hot++;
    }
    while (hot > HOT_LINES) {
      Node oldest = beforeHot.next;
      if (oldest == null) {
        break;
      }
      beforeHot = oldest;
      if (oldest.line != null && oldest.line.kind() == Line.Kind.LOGGED) {
        hot--;
      }
    }
  }

  /// Wakes the readers that wait for such a line. Called without the lock.
  void wake(Line line) {
    long index = last.index;
    for (Reader reader : readers) {
      if (reader.wants(line) || index - reader.index() > SKIP_MAX) {
        reader.wake();
      }
    }
  }

  Node last() {
    return last;
  }

  /// The place of that event among the lines still held, or null. Called under the channel's lock.
  @Nullable Node find(EventId event) {
    for (Node node = beforeHot.next; node != null; node = node.next) {
      if (node.line != null && event.equals(node.line.id())) {
        return node;
      }
    }
    return null;
  }

  int hotLines() {
    return hot;
  }

  void add(Reader reader) {
    readers.add(reader);
  }

  void remove(Reader reader) {
    readers.remove(reader);
  }

  Set<Reader> readers() {
    return readers;
  }
}
