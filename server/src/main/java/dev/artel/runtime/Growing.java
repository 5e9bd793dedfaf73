package dev.artel.runtime;

import dev.artel.bus.Claim;
import dev.artel.protocol.DeltaKind;
import dev.artel.protocol.Event;
import java.util.ArrayList;
import java.util.List;

/// An answer that is being written: its text so far, and what of it was told. The model's thread
/// adds; the ticker and readers look.
final class Growing {
  static final int DELTA_CHARS_MAX = 1_000;
  private static final long TELL_EVERY_NANOS = 50_000_000;
  private static final long DRAFT_EVERY_NANOS = 1_000_000_000;

  final Claim claim;
  final Conversation.Turn turn;
  final String agentName;

  private final StringBuilder text = new StringBuilder();
  private final StringBuilder thinking = new StringBuilder();
  private int toldText;
  private int toldThinking;
  private long toldNanos;
  private long draftedNanos = System.nanoTime();
  private int draftedLength;

  Growing(Claim claim, Conversation.Turn turn, String agentName) {
    this.claim = claim;
    this.turn = turn;
    this.agentName = agentName;
  }

  synchronized void add(DeltaKind kind, String piece) {
    switch (kind) {
      case TEXT -> text.append(piece);
      case THINKING -> thinking.append(piece);
    }
  }

  /// What is to be told by now: at most twenty times a second.
  synchronized List<Event.Live> due(long nowNanos) {
    if (nowNanos - toldNanos < TELL_EVERY_NANOS) {
      return List.of();
    }
    return rest(nowNanos);
  }

  /// All that was not told yet.
  synchronized List<Event.Live> rest(long nowNanos) {
    var deltas = new ArrayList<Event.Live>();
    toldThinking = tell(deltas, DeltaKind.THINKING, toldThinking, whole(thinking), false);
    toldText = tell(deltas, DeltaKind.TEXT, toldText, whole(text), false);
    if (!deltas.isEmpty()) {
      toldNanos = nowNanos;
    }
    return deltas;
  }

  /// The length without half a surrogate pair at the end, whose other half is still to come.
  private static int whole(StringBuilder source) {
    int length = source.length();
    return length > 0 && Character.isHighSurrogate(source.charAt(length - 1)) ? length - 1 : length;
  }

  /// The text as far as it was told, for a stream that opens now: what comes next follows exactly.
  synchronized List<Event.Live> snapshot() {
    var deltas = new ArrayList<Event.Live>();
    tell(deltas, DeltaKind.THINKING, 0, toldThinking, true);
    tell(deltas, DeltaKind.TEXT, 0, toldText, true);
    if (deltas.isEmpty()) {
      deltas.add(delta(DeltaKind.TEXT, 0, "", true));
    }
    return deltas;
  }

  private int tell(List<Event.Live> deltas, DeltaKind kind, int from, int upTo, boolean snapshot) {
    StringBuilder source =
        switch (kind) {
          case TEXT -> text;
          case THINKING -> thinking;
        };
    int at = from;
    while (at < upTo) {
      int end = Math.min(upTo, at + DELTA_CHARS_MAX);
      if (end < upTo && Character.isHighSurrogate(source.charAt(end - 1))) {
        end--;
      }
      // Only the first piece replaces what a client has; the pieces behind it follow by offset.
      deltas.add(delta(kind, at, KeptText.of(source.substring(at, end)), snapshot && at == 0));
      at = end;
    }
    return at;
  }

  private Event.Live delta(DeltaKind kind, int offset, String piece, boolean snapshot) {
    return new Event.MessageDelta(
        turn.answer(),
        turn.question(),
        claim.task(),
        claim.agent(),
        agentName,
        claim.attempt(),
        kind,
        offset,
        piece,
        snapshot);
  }

  /// The text to keep as a draft, when a second has passed and there is more of it.
  synchronized boolean draftDue(long nowNanos) {
    int length = text.length() + thinking.length();
    if (length == draftedLength || nowNanos - draftedNanos < DRAFT_EVERY_NANOS) {
      return false;
    }
    draftedLength = length;
    draftedNanos = nowNanos;
    return true;
  }

  synchronized String text() {
    return KeptText.of(text.toString());
  }

  synchronized String thinking() {
    return KeptText.of(thinking.toString());
  }
}
