package dev.artel.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.acceptance.Accepts;
import dev.artel.protocol.TaskId;
import dev.artel.testing.Crashes;
import dev.artel.testing.Golden;
import dev.artel.testing.Lines;
import dev.artel.testing.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// What a turn does whose process went away: wherever it stood, and with journals that earlier
/// versions wrote.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Accepts("X-04")
final class CutOffTurnTest {
  private final ChatWorld world = ChatWorld.start();

  @AfterAll
  void close() throws IOException {
    world.close();
  }

  /// A turn that was cut off, and whom it belongs to.
  private record CutOff(Talk talk, String message, TaskId task) {
    List<String> steps() {
      return Talk.list(talk.me().get("/my/tasks/" + task + "/steps"), "steps").stream()
          .map(step ->
              "%s %s %s"
                  .formatted(
                      step.get("attempt"),
                      step.get("status").asString(),
                      step.get("error_type").isNull() ? "-" : step.get("error_type").asString()))
          .toList();
    }

    List<String> told(String type, String field) {
      return talk.events(type).stream()
          .map(event -> event.get("payload").get(field).asString())
          .toList();
    }
  }

  private CutOff cutOff(String question, String label) {
    Talk talk = world.talk();
    Crashes.at(label);
    String id = talk.drop(question);
    Awaitility.await().until(Crashes::happened);
    return new CutOff(
        talk, id, new TaskId(UUID.fromString(talk.message(id).get("task_id").asString())));
  }

  /// What the end of the lease does.
  private void offerAgain(CutOff turn) {
    Awaitility.await()
        .until(() ->
            world
                    .db()
                    .as(
                        turn.talk().me().user(),
                        tx ->
                            tx.sql(
                                    """
                                    update tasks set status = 'queued', lease_owner = null, lease_until = null
                                     where user_id = :user and id = :task and status = 'running'
                                    """)
                                .param("user", turn.talk().me().user().value())
                                .param("task", turn.task().value())
                                .update())
                == 1);
  }

  @ParameterizedTest
  @CsvSource({
    "take_up.committing,     1, 1 completed -",
    "take_up.committed,      1, 1 failed interrupted;2 completed -",
    "model.calling,          1, 1 failed interrupted;2 completed -",
    "first_token.committing, 2, 1 failed interrupted;2 completed -",
    "first_token.committed,  2, 1 failed interrupted;2 completed -",
    "model.called,           2, 1 failed interrupted;2 completed -",
    "end.committing,         2, 1 failed interrupted;2 completed -",
  })
  void a_turn_that_is_cut_off_goes_on_and_pays_no_completed_answer_twice(
      String label, int calls, String steps) {
    String question = label + " " + UUID.randomUUID();
    if (label.startsWith("first_token")) {
      // An answer in one piece would take the note of its first token along.
      world.model.next(Reply.of("half an answer").thenSilence());
    }

    CutOff turn = cutOff(question, label);
    offerAgain(turn);

    turn.talk().awaitStatus(turn.message(), "done");
    assertThat(turn.talk().lines())
        .containsExactly("user done " + question, "assistant done re: " + question);
    assertThat(asked(question)).isEqualTo(calls);
    assertThat(turn.steps()).containsExactly(steps.split(";"));
    assertThat(turn.told("message_created", "role")).containsExactly("user", "assistant");
    assertThat(turn.talk().events("task_completed")).hasSize(1);
    assertThat(turn.told("task_progress", "progress_percent"))
        .containsExactly("0", "20", "50", "90");
    assertThat(turn.told("task_step", "status").stream().filter("failed"::equals).count())
        .as("an interruption is told")
        .isEqualTo(steps.contains("failed") ? 1 : 0);
  }

  @Test
  void a_turn_that_is_cut_off_behind_its_end_is_over() {
    CutOff turn = cutOff("over", "end.committed");

    turn.talk().awaitStatus(turn.message(), "done");
    assertThat(turn.steps()).containsExactly("1 completed -");
  }

  @Test
  void an_answer_whose_end_cannot_be_stored_is_kept_and_not_paid_again() {
    String question = "kept " + UUID.randomUUID();
    Talk talk = world.talk();
    Crashes.failAt("end.committing");
    String id = talk.drop(question);
    Awaitility.await().until(Crashes::happened);
    var turn =
        new CutOff(
            talk, id, new TaskId(UUID.fromString(talk.message(id).get("task_id").asString())));
    Awaitility.await().until(() -> turn.steps().equals(List.of("1 completed -")));
    offerAgain(turn);

    talk.awaitStatus(id, "done");
    assertThat(talk.lines())
        .containsExactly("user done " + question, "assistant done re: " + question);
    assertThat(asked(question)).isEqualTo(1);
    assertThat(turn.told("task_progress", "progress_percent"))
        .containsExactly("0", "20", "50", "90");
  }

  private long asked(String question) {
    return world.model.requests().stream()
        .filter(request -> request.lastText().endsWith(question))
        .count();
  }

  @Test
  void a_crash_in_mid_answer_is_told_and_the_next_attempt_replaces_what_was_said() {
    Talk talk = world.talk();
    try (Lines lines = talk.stream("?deltas=1")) {
      world.model.next(Reply.of("lost words"));
      Crashes.at("model.called");
      String id = talk.drop("mid");
      JsonNode lost = lines.until(line -> type(line).equals("message_delta"));
      assertThat(lost.get("payload").get("attempt").asInt()).isEqualTo(1);
      Awaitility.await().until(Crashes::happened);
      offerAgain(
          new CutOff(
              talk, id, new TaskId(UUID.fromString(talk.message(id).get("task_id").asString()))));

      JsonNode told =
          lines.until(line ->
              type(line).equals("task_step")
                  && line.get("payload").get("status").asString().equals("failed"));
      assertThat(told.get("payload").get("error_type").asString()).isEqualTo("interrupted");
      JsonNode again = lines.until(line -> type(line).equals("message_delta"));
      assertThat(again.get("payload").get("attempt").asInt()).isEqualTo(2);
      assertThat(again.get("payload").get("offset").asInt()).isZero();
      assertThat(again.get("payload").get("message_id"))
          .isEqualTo(lost.get("payload").get("message_id"));
      talk.awaitStatus(id, "done");
    }
    assertThat(talk.lines()).containsExactly("user done mid", "assistant done re: mid");
  }

  private static String type(JsonNode line) {
    return line.get("event_type").asString();
  }

  /// A turn of which the journal says what that file holds, and that is offered again.
  private CutOff withJournal(String file) {
    try {
      return withRows(
          file,
          Files.readString(
              Golden.root().resolve("server/src/test/resources/journals/" + file + ".json")));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private CutOff withRows(String question, String rows) {
    CutOff turn = cutOff(question + " " + UUID.randomUUID(), "take_up.committing");
    world
        .db()
        .does(
            turn.talk().me().user(),
            tx ->
                tx.sql(
                        """
                        insert into task_steps
                        select (jsonb_populate_record(null::task_steps,
                                  jsonb_build_object('user_id', :user::text, 'task_id', :task::text) || row)).*
                          from jsonb_array_elements(:rows::jsonb) as row
                        """)
                    .param("user", turn.talk().me().user().toString())
                    .param("task", turn.task().toString())
                    .param("rows", rows)
                    .update());
    offerAgain(turn);
    return turn;
  }

  @Test
  void a_journal_of_an_answer_that_was_completed_replays() {
    int before = world.model.requests().size();

    CutOff turn = withJournal("completed");

    turn.talk().awaitStatus(turn.message(), "done");
    JsonNode answer = turn.talk().messages("?role=assistant").getFirst();
    assertThat(answer.get("content").asString()).isEqualTo("The answer of then.");
    assertThat(answer.get("finish_reason").asString()).isEqualTo("length");
    assertThat(answer.get("usage").toString())
        .isEqualTo(
            "{\"calls\":1,\"tokens_in\":10,\"tokens_out\":5,\"tokens_cached\":4,\"cost_usd\":0.00125}");
    assertThat(world.model.requests()).as("nobody was asked").hasSize(before);
    JsonNode step =
        turn.talk().me().get("/my/tasks/" + turn.task() + "/steps/1").expect(200).json();
    assertThat(step.get("output").get("text").asString()).isEqualTo("The answer of then.");
    assertThat(step.get("input").get("messages").get(0).get("text").asString())
        .isEqualTo("a question of then");
  }

  @Test
  void a_journal_of_a_call_that_was_interrupted_replays() {
    CutOff turn = withJournal("interrupted");

    turn.talk().awaitStatus(turn.message(), "done");
    assertThat(turn.steps()).containsExactly("1 failed interrupted", "2 completed -");
  }

  @Test
  void a_journal_of_a_call_that_was_handed_back_replays_and_what_it_used_counts() {
    CutOff turn = withJournal("handed-back");

    turn.talk().awaitStatus(turn.message(), "done");
    assertThat(turn.steps()).containsExactly("1 failed interrupted", "2 completed -");
    JsonNode usage = turn.talk().messages("?role=assistant").getFirst().get("usage");
    assertThat(usage.get("calls").asInt()).isEqualTo(2);
    assertThat(usage.get("tokens_in").asInt()).isEqualTo(21 + 10);
  }

  @Test
  void a_journal_of_a_call_that_was_tried_again_replays() {
    CutOff turn = withJournal("retried");

    turn.talk().awaitStatus(turn.message(), "done");
    assertThat(turn.steps())
        .containsExactly("1 failed rate_limit", "2 failed interrupted", "3 completed -");
  }

  private static String row(int attempt, String text, int tokensIn) {
    return """
    {"step": 1, "attempt": %d, "kind": "model", "title": "openai/test-model", "status": "failed",
     "input": {}, "input_hash": "", "tokens_in": %d, "tokens_out": 0, "tokens_cached": 0,
     "cost_usd": 0, "error_type": "interrupted",
     "output": {"text": "%s", "thinking": "", "provider": "openai", "model": "test-model",
                "demo": false, "usage": {"calls": 1, "tokens_in": %d, "tokens_out": 0,
                "tokens_cached": 0, "cost_usd": 0}, "estimated": true, "first_token_ms": 1,
                "total_ms": 2},
     "started_at": "2026-01-01T00:00:00Z", "completed_at": "2026-01-01T00:00:01Z"}
    """
        .formatted(attempt, tokensIn, text, tokensIn);
  }

  @Test
  void a_task_that_called_its_model_too_often_ends_with_what_was_said() {
    String rows =
        IntStream.rangeClosed(1, 50)
            .mapToObj(attempt -> row(attempt, attempt == 7 ? "a beginning" : "", 1))
            .collect(Collectors.joining(",", "[", "]"));

    CutOff turn = withRows("fifty", rows);

    turn.talk().awaitStatus(turn.message(), "done");
    JsonNode answer = turn.talk().messages("?role=assistant").getFirst();
    assertThat(answer.get("content").asString()).isEqualTo("a beginning");
    assertThat(answer.get("finish_reason").asString()).isEqualTo("limit");
    JsonNode error = turn.talk().events("error").getFirst().get("payload");
    assertThat(error.get("error_type").asString()).isEqualTo("limit");
    assertThat(error.get("message").asString()).contains("50 model calls");
    assertThat(turn.talk().events("task_completed")).hasSize(1);
  }

  @Test
  void a_task_that_used_too_many_tokens_without_a_word_fails() {
    CutOff turn = withRows("tokens", "[" + row(1, "", 400_000) + "]");

    JsonNode failed = turn.talk().awaitStatus(turn.message(), "failed");
    assertThat(failed.get("error").asString()).contains("400000 tokens");
    assertThat(failed.get("error_type").asString()).isEqualTo("limit");
    assertThat(turn.told("error", "error_type")).containsExactly("limit");
    assertThat(turn.talk().messages("?role=assistant")).isEmpty();
  }
}
