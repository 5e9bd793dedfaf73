package dev.artel.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.artel.llm.ModelOutcome.Answered;
import dev.artel.llm.ModelOutcome.Cancelled;
import dev.artel.llm.ModelOutcome.Failed;
import dev.artel.llm.Resolution.Served;
import dev.artel.testing.ProviderWire;
import dev.artel.testing.ReceivedRequest;
import dev.artel.testing.ReceivedRequest.Turn;
import dev.artel.testing.Reply;
import dev.artel.testing.ScriptedProviderServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What callers rely on when the provider is behind a network.
abstract class RemoteModelContract extends ModelContract {
  static final String KEY = "test-key-0123456789";
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofMillis(150);

  final StillTime time = new StillTime();
  final ScriptedProviderServer server;
  private @Nullable Models models;
  private Duration firstTokenTimeout = LONG;
  private Duration idleTimeout = LONG;

  RemoteModelContract(ProviderWire wire) {
    try {
      server = ScriptedProviderServer.start(wire, KEY);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  abstract ModelSettings settings(URI url, Duration firstToken, Duration idle);

  abstract Discovery.Services services(URI url);

  @BeforeEach
  void open() {
    reopen(server.url());
  }

  final void reopen(URI url) {
    if (models != null) {
      models.close();
    }
    models =
        Models.create(
            settings(url, firstTokenTimeout, idleTimeout),
            Surroundings.none(),
            services(url),
            time,
            time);
  }

  final void impatientForTheFirstToken() {
    firstTokenTimeout = SHORT;
    reopen(server.url());
  }

  // The first token keeps its long limit, so that a busy machine does not change what is tested.
  final void impatientBetweenTokens() {
    idleTimeout = SHORT;
    reopen(server.url());
  }

  @AfterEach
  void close() throws IOException {
    models().close();
    server.close();
  }

  @Override
  Models models() {
    return Objects.requireNonNull(models, "opened before each test");
  }

  @Override
  Served served() {
    Served served = (Served) models().defaultModel();
    return new Served(served.provider(), "test-model", false);
  }

  @Override
  void answering(int calls) {
    for (int i = 0; i < calls; i++) {
      server.next(Reply.of("Hel", "lo", " there"));
    }
  }

  final Heard heard = new Heard();

  final ModelOutcome ask(String text) throws InterruptedException {
    return models().call(served(), request(text), heard, new Cancellation());
  }

  final RunningCall askAside(String text) {
    return new RunningCall(models(), served(), request(text));
  }

  @Test
  void the_request_carries_prompt_history_model_and_limits() throws Exception {
    server.next(Reply.of("ok").asking("And now?").model("test-model").system(SYSTEM));
    ModelRequest request =
        new ModelRequest(
            SYSTEM,
            List.of(
                new ModelMessage.Assistant("an answer whose question is outside the window"),
                new ModelMessage.User("Привет"),
                new ModelMessage.Assistant("Hello"),
                new ModelMessage.User("And now?")),
            0.25,
            321);

    ModelOutcome outcome = models().call(served(), request, heard, new Cancellation());

    assertThat(outcome.text()).isEqualTo("ok");
    ReceivedRequest received = server.requests().getFirst();
    assertThat(received.turns())
        .containsExactly(
            new Turn("user", "Привет"),
            new Turn("assistant", "Hello"),
            new Turn("user", "And now?"));
    assertThat(received.temperature()).isEqualTo(0.25);
    assertThat(received.maxTokens()).isEqualTo(321);
  }

  @Test
  void messages_of_one_role_in_a_row_are_joined() throws Exception {
    answering(1);
    ModelRequest request =
        new ModelRequest(
            SYSTEM,
            List.of(new ModelMessage.User("One that failed"), new ModelMessage.User("And now?")),
            0.7,
            256);

    models().call(served(), request, heard, new Cancellation());

    assertThat(server.requests().getFirst().turns())
        .containsExactly(new Turn("user", "One that failed\n\nAnd now?"));
  }

  @Test
  void thinking_is_heard_apart_from_text() throws Exception {
    server.next(Reply.of().thinking("Hm,").thinking(" well").text("Yes"));

    ModelOutcome outcome = ask("Hi");

    assertThat(heard.thinking).containsExactly("Hm,", " well");
    assertThat(heard.text).containsExactly("Yes");
    assertThat(outcome.thinking()).isEqualTo("Hm, well");
    assertThat(outcome.text()).isEqualTo("Yes");
  }

  @Test
  void reported_usage_is_taken_over() throws Exception {
    server.next(Reply.of("Yes").usage(120, 7, 100));

    Usage usage = ask("Hi").usage();

    assertThat(usage)
        .returns(1, Usage::calls)
        .returns(120L, Usage::tokensIn)
        .returns(7L, Usage::tokensOut)
        .returns(100L, Usage::tokensCached)
        .returns(false, Usage::estimated);
  }

  @Test
  void an_answer_at_the_token_limit_says_so() throws Exception {
    server.next(Reply.of("Ye").atLimit());

    assertThat(((Answered) ask("Hi")).finishReason()).isEqualTo(FinishReason.LENGTH);
  }

  @Test
  void a_refusal_by_content_rules_is_a_failure() throws Exception {
    server.next(Reply.of().filtered());

    Failed failed = (Failed) ask("Hi");

    assertThat(failed.errorType()).isEqualTo(ModelErrorType.BAD_REQUEST);
    assertThat(failed.message()).contains("content rules");
  }

  @Test
  void cancel_before_the_response_closes_the_connection() throws Exception {
    server.next(Reply.silence());
    RunningCall call = askAside("Hi");
    server.awaitRequest();

    call.cancel.cancel();

    server.awaitClientGone();
    assertThat(call.outcome()).isInstanceOf(Cancelled.class);
    assertThat(call.outcome().usage()).isEqualTo(Usage.NONE);
  }

  @Test
  void cancel_after_the_first_token_closes_the_connection_and_keeps_it() throws Exception {
    server.next(Reply.of("Hel").thenSilence());
    RunningCall call = askAside("Hi");
    call.heard.awaitFirst();

    call.cancel.cancel();

    server.awaitClientGone();
    assertThat(call.outcome()).isInstanceOf(Cancelled.class);
    assertThat(call.outcome().text()).isEqualTo("Hel");
    assertThat(call.outcome().usage().estimated()).isTrue();
  }

  @Test
  void an_interrupt_closes_the_connection() throws Exception {
    server.next(Reply.of("Hel").thenSilence());
    RunningCall call = askAside("Hi");
    call.heard.awaitFirst();

    call.interrupt();

    server.awaitClientGone();
    assertThatThrownBy(call::outcome)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(InterruptedException.class);
  }

  @Test
  void a_list_that_fails_says_why_and_is_asked_again_later() throws Exception {
    server.listStatus(401);
    assertThat(models().provider(served().provider()).orElseThrow())
        .returns(false, ProviderInfo::available)
        .returns(ModelErrorType.AUTHENTICATION, ProviderInfo::errorType);

    server.listStatus(200);
    assertThat(models().provider(served().provider()).orElseThrow().available()).isFalse();
    time.pass(Duration.ofSeconds(11));
    assertThat(models().provider(served().provider()).orElseThrow().available()).isTrue();
  }

  @Test
  void the_provider_lists_its_models() throws Exception {
    server.lists("a-model", "b-model");

    assertThat(models().providers().getFirst().models())
        .extracting(ModelInfo::name)
        .isEqualTo(Arrays.asList("a-model", "b-model"));
  }

  @Test
  void a_finished_answer_leaves_its_connection_to_the_next_call() throws Exception {
    answering(3);
    for (int i = 0; i < 3; i++) {
      assertThat(ask("Hi")).isInstanceOf(Answered.class);
    }

    assertThat(server.connections()).isEqualTo(1);
  }
}
