package dev.artel.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.bus.Claim;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.DeltaKind;
import dev.artel.protocol.Event;
import dev.artel.protocol.MessageId;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.UserId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class GrowingTest {
  private static final long LATER = Long.MAX_VALUE / 2;
  private static final String SMILE = "\uD83D\uDE00";

  private final Growing growing =
      new Growing(
          new Claim(
              new UserId(UUID.randomUUID()),
              new TaskId(UUID.randomUUID()),
              new ProjectId(UUID.randomUUID()),
              null,
              new AgentId(UUID.randomUUID()),
              1,
              2,
              2,
              1,
              0,
              Duration.ZERO,
              Duration.ofSeconds(1),
              new UUID(0, 1)),
          new Conversation.Turn(
              new SessionId(UUID.randomUUID()),
              new MessageId(UUID.randomUUID()),
              new MessageId(UUID.randomUUID()),
              "q",
              List.of()),
          "Ask");

  private static List<String> shown(List<Event.Live> deltas) {
    var shown = new ArrayList<String>();
    for (Event.Live live : deltas) {
      var delta = (Event.MessageDelta) live;
      shown.add(
          "%s %d%s %s"
              .formatted(
                  delta.kind(), delta.offset(), delta.snapshot() ? " snapshot" : "", delta.text()));
    }
    return shown;
  }

  @Test
  void pieces_are_told_together_in_order_and_once() {
    growing.add(DeltaKind.THINKING, "hm");
    growing.add(DeltaKind.TEXT, "Hel");
    growing.add(DeltaKind.TEXT, "lo");

    assertThat(shown(growing.due(LATER))).containsExactly("THINKING 0 hm", "TEXT 0 Hello");
    growing.add(DeltaKind.TEXT, "!");
    assertThat(growing.due(LATER + 1)).as("at most twenty times a second").isEmpty();
    assertThat(shown(growing.rest(LATER))).containsExactly("TEXT 5 !");
    assertThat(growing.rest(LATER)).isEmpty();
  }

  @Test
  void half_a_pair_is_told_with_its_other_half_and_one_that_never_comes_not_at_all() {
    growing.add(DeltaKind.TEXT, "a" + SMILE.charAt(0));
    assertThat(shown(growing.rest(LATER))).containsExactly("TEXT 0 a");
    growing.add(DeltaKind.TEXT, SMILE.substring(1));
    assertThat(shown(growing.rest(LATER))).containsExactly("TEXT 1 " + SMILE);
    growing.add(DeltaKind.TEXT, "\0" + SMILE.charAt(0));
    assertThat(shown(growing.rest(LATER))).containsExactly("TEXT 3 \uFFFD");
    assertThat(growing.text()).isEqualTo("a" + SMILE + "\uFFFD\uFFFD");
  }

  @Test
  void a_long_text_is_told_in_pieces_that_split_no_pair() {
    growing.add(DeltaKind.TEXT, "x".repeat(Growing.DELTA_CHARS_MAX - 1) + SMILE + "y");

    List<Event.Live> deltas = growing.rest(LATER);

    assertThat(deltas).hasSize(2);
    assertThat(((Event.MessageDelta) deltas.getFirst()).text())
        .isEqualTo("x".repeat(Growing.DELTA_CHARS_MAX - 1));
    assertThat(((Event.MessageDelta) deltas.getLast()).text()).isEqualTo(SMILE + "y");
  }

  @Test
  void a_snapshot_ends_where_the_telling_goes_on() {
    assertThat(shown(growing.snapshot())).containsExactly("TEXT 0 snapshot ");
    growing.add(DeltaKind.TEXT, "told");
    growing.rest(LATER);
    growing.add(DeltaKind.TEXT, " and not");

    assertThat(shown(growing.snapshot())).containsExactly("TEXT 0 snapshot told");
    assertThat(shown(growing.rest(LATER))).containsExactly("TEXT 4  and not");
  }

  @Test
  void a_draft_is_due_once_a_second_when_there_is_more_of_it() {
    long start = System.nanoTime();
    assertThat(growing.draftDue(start + 10_000_000_000L)).as("nothing to keep").isFalse();
    growing.add(DeltaKind.TEXT, "a");
    assertThat(growing.draftDue(start)).isFalse();
    assertThat(growing.draftDue(start + 10_000_000_000L)).isTrue();
    assertThat(growing.draftDue(start + 20_000_000_000L)).isFalse();
    growing.add(DeltaKind.THINKING, "b");
    assertThat(growing.draftDue(start + 10_500_000_000L)).isFalse();
    assertThat(growing.draftDue(start + 20_000_000_000L)).isTrue();
    assertThat(growing.thinking()).isEqualTo("b");
  }
}
