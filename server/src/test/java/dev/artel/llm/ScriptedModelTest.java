package dev.artel.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.artel.llm.Resolution.Served;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScriptedModelTest extends ModelContract {
  private ScriptedModel model = ScriptedModel.script();

  @Override
  Models models() {
    return model.models();
  }

  @Override
  Served served() {
    return ScriptedModel.SERVED;
  }

  @Override
  void answering(int calls) {
    ScriptedModel.Turn[] turns = new ScriptedModel.Turn[calls];
    Arrays.fill(turns, ScriptedModel.say("Hello", " there"));
    model = ScriptedModel.script(turns);
  }

  @Test
  void a_call_without_script_fails() {
    assertThatThrownBy(() -> models().call(served(), request("Hi"), _ -> {}, new Cancellation()))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("unexpected call");
  }

  @Test
  void a_script_without_call_fails() {
    answering(1);
    assertThatThrownBy(() -> model.close()).hasMessageContaining("never asked for");
  }

  @Test
  void another_question_than_expected_fails() {
    model = ScriptedModel.script(ScriptedModel.expect("Bye", ScriptedModel.say("x")));
    assertThatThrownBy(() -> models().call(served(), request("Hi"), _ -> {}, new Cancellation()))
        .hasMessageContaining("was asked 'Hi', not 'Bye'");
    model.close();
  }

  @Test
  void a_scripted_failure_keeps_its_part() throws Exception {
    model = ScriptedModel.script(ScriptedModel.fail(ModelErrorType.CONNECTION, "par", "tial"));
    ModelOutcome outcome = models().call(served(), request("Hi"), _ -> {}, new Cancellation());
    assertThat(outcome).isInstanceOf(ModelOutcome.Failed.class);
    assertThat(outcome.text()).isEqualTo("partial");
    model.close();
  }

  @Test
  void an_answer_stands_still_until_it_is_let_go_or_cancelled() throws Exception {
    ScriptedModel.Gate opened = new ScriptedModel.Gate();
    ScriptedModel.Gate cancelled = new ScriptedModel.Gate();
    model =
        ScriptedModel.script(
            ScriptedModel.halt(List.of("Hel"), opened, List.of("lo")),
            ScriptedModel.halt(List.of("Hel"), cancelled, List.of("lo")));

    RunningCall first = new RunningCall(models(), served(), request("Hi"));
    opened.awaitReached();
    opened.open();
    assertThat(first.outcome().text()).isEqualTo("Hello");

    RunningCall second = new RunningCall(models(), served(), request("Hi"));
    cancelled.awaitReached();
    second.cancel.cancel();
    assertThat(second.outcome()).isInstanceOf(ModelOutcome.Cancelled.class);
    assertThat(second.outcome().text()).isEqualTo("Hel");
    model.close();
  }
}
