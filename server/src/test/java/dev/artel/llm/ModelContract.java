package dev.artel.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.artel.llm.ModelOutcome.Answered;
import dev.artel.llm.ModelOutcome.Cancelled;
import dev.artel.llm.Resolution.Served;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What callers rely on, whichever provider answers.
abstract class ModelContract {
  static final String SYSTEM = "You are \"terse\".\n  Keep  spaces. Отвечай кратко.";

  abstract Models models();

  abstract Served served();

  /// Makes the next `calls` calls answer with several pieces.
  abstract void answering(int calls);

  static ModelRequest request(String text) {
    return new ModelRequest(SYSTEM, List.of(new ModelMessage.User(text)), 0.7, 256);
  }

  @Test
  void the_pieces_make_up_the_answer() throws Exception {
    answering(1);
    Heard heard = new Heard();

    ModelOutcome outcome = models().call(served(), request("Hi"), heard, new Cancellation());

    assertThat(outcome).isInstanceOf(Answered.class);
    assertThat(heard.text).hasSizeGreaterThan(1);
    assertThat(outcome.text()).isNotBlank().isEqualTo(String.join("", heard.text));
    assertThat(outcome.served()).isEqualTo(served());
    assertThat(((Answered) outcome).finishReason()).isEqualTo(FinishReason.STOP);
  }

  @Test
  void an_answer_has_usage_and_times() throws Exception {
    answering(1);

    ModelOutcome outcome = models().call(served(), request("Hi"), _ -> {}, new Cancellation());

    assertThat(outcome.usage().calls()).isEqualTo(1);
    assertThat(outcome.usage().tokensIn()).isPositive();
    assertThat(outcome.usage().tokensOut()).isPositive();
    assertThat(outcome.usage().estimated()).isFalse();
    assertThat(outcome.latency().firstTokenMs()).isNotNull().isNotNegative();
    assertThat(outcome.latency().totalMs())
        .isGreaterThanOrEqualTo(outcome.latency().firstTokenMs());
  }

  @Test
  void a_call_that_is_cancelled_before_it_begins_asks_nobody() throws Exception {
    Cancellation cancel = new Cancellation();
    cancel.cancel();

    ModelOutcome outcome = models().call(served(), request("Hi"), _ -> {}, cancel);

    assertThat(outcome).isInstanceOf(Cancelled.class);
    assertThat(outcome.text()).isEmpty();
    assertThat(outcome.usage()).isEqualTo(Usage.NONE);
  }

  @Test
  void a_call_that_is_cancelled_by_its_listener_keeps_what_came() throws Exception {
    answering(1);
    Cancellation cancel = new Cancellation();
    Heard heard = new Heard();
    ModelListener stopping =
        piece -> {
          heard.onText(piece);
          cancel.cancel();
        };

    ModelOutcome outcome = models().call(served(), request("Hi"), stopping, cancel);

    assertThat(outcome).isInstanceOf(Cancelled.class);
    assertThat(heard.text).hasSize(1);
    assertThat(outcome.text()).isEqualTo(heard.text.getFirst());
    assertThat(outcome.usage().tokensOut()).isPositive();
  }

  @Test
  void what_the_listener_throws_reaches_the_caller() {
    answering(1);
    IllegalStateException thrown = new IllegalStateException("the listener's own");

    assertThatThrownBy(() ->
            models()
                .call(
                    served(),
                    request("Hi"),
                    _ -> {
                      throw thrown;
                    },
                    new Cancellation()))
        .isSameAs(thrown);
  }

  @Test
  void a_provider_that_is_listed_is_available() throws Exception {
    ProviderInfo info = models().provider(served().provider()).orElseThrow();

    assertThat(info.available()).isTrue();
    assertThat(info.errorType()).isNull();
    assertThat(info.models()).isNotEmpty();
    assertThat(models().providers()).contains(info);
  }
}
