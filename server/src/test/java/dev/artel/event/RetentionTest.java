package dev.artel.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.protocol.EventId;
import org.junit.jupiter.api.Test;

final class RetentionTest {
  @Test
  void events_go_when_they_are_older_than_they_are_kept_and_not_before() {
    try (Stage stage = Stage.open()) {
      EventId gone = stage.write("old");
      stage.writeAtOnce(1_500, "old as well");
      age(stage, "91 days");
      EventId young = stage.write("young");
      age(stage, young, "89 days");
      EventId fresh = stage.write("fresh");

      assertThat(new Retention(stage.db, new EventRetention(0)).sweep()).isZero();
      long swept = new Retention(stage.db, new EventRetention(90)).sweep();

      assertThat(swept).isGreaterThanOrEqualTo(1_501);
      assertThat(stage.logged(stage.session)).containsExactly(young.toString(), fresh.toString());
      // A new process knows nothing of them either.
      try (Stage.Restarted again = stage.restarted()) {
        Stage.Opened reader = again.opened(stage.after(gone));
        reader.awaitIds(stage.logged(stage.session));
        assertThat(reader.sink().types())
            .containsExactly("heartbeat", "replay_gap", "session_updated", "session_updated");
        assertThat(
                reader
                    .sink()
                    .lines()
                    .get(1)
                    .get("payload")
                    .get("oldest_available_event_id")
                    .stringValue())
            .isEqualTo(young.toString());
      }
    }
  }

  private static void age(Stage stage, String by) {
    stage.db.does(
        stage.user,
        tx ->
            tx.sql(
                    "update event_logs set created_at = artel_now() - cast(:by as interval) where user_id = :user")
                .param("by", by)
                .param("user", stage.user.value())
                .update());
  }

  private static void age(Stage stage, EventId event, String by) {
    stage.db.does(
        stage.user,
        tx ->
            tx.sql(
                    """
                    update event_logs set created_at = artel_now() - cast(:by as interval)
                     where user_id = :user and event_id = :event
                    """)
                .param("by", by)
                .param("user", stage.user.value())
                .param("event", event.value())
                .update());
  }
}
