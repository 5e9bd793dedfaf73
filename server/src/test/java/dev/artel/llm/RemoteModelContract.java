package dev.artel.llm;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What callers rely on when the provider is behind a network that does what networks do.
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
      throw new java.io.UncheckedIOException(e);
    }
  }

  abstract ModelSettings settings(URI url, Duration firstToken, Duration idle);

  abstract Discovery.Services services(URI url);

  @BeforeEach
  void open() {
    reopen(server.url());
  }

  private void reopen(URI url) {
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

  private void impatient() {
    firstTokenTimeout = SHORT;
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
    return java.util.Objects.requireNonNull(models, "opened before each test");
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

  private final Heard heard = new Heard();

  private ModelOutcome ask(String text) throws InterruptedException {
    return models().call(served(), request(text), heard, new Cancellation());
  }

  private RunningCall askAside(String text) {
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
    org.assertj.core.api.Assertions.assertThatThrownBy(call::outcome)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(InterruptedException.class);
  }

  @Test
  void a_slow_first_token_times_out_and_is_tried_again() throws Exception {
    impatient();
    server.next(Reply.silence()).next(Reply.of().thenSilence()).next(Reply.silence());

    Failed failed = (Failed) ask("Hi");

    assertThat(failed.errorType()).isEqualTo(ModelErrorType.TIMEOUT);
    assertThat(failed.attempts()).isEqualTo(3);
    assertThat(time.pauses()).hasSize(2);
    server.awaitClientGone();
  }

  @Test
  void comments_do_not_count_as_tokens() throws Exception {
    impatient();
    for (int i = 0; i < 3; i++) {
      server.next(Reply.of().thenEndlessComments());
    }

    assertThat(((Failed) ask("Hi")).errorType()).isEqualTo(ModelErrorType.TIMEOUT);
  }

  @Test
  void a_gap_between_tokens_times_out_once() throws Exception {
    impatient();
    server.next(Reply.of("Hel").thenSilence());

    assertBrokenOff(ask("Hi"), ModelErrorType.TIMEOUT);
    server.awaitClientGone();
  }

  @Test
  void a_stream_that_is_cut_is_not_tried_again() throws Exception {
    server.next(Reply.of("Hel").thenCut());

    assertBrokenOff(ask("Hi"), ModelErrorType.CONNECTION);
  }

  @Test
  void a_stream_that_ends_before_the_answer_does_is_a_cut() throws Exception {
    server.next(Reply.of("Hel").thenEnd());

    assertBrokenOff(ask("Hi"), ModelErrorType.CONNECTION);
  }

  @Test
  void a_malformed_chunk_breaks_the_answer_off() throws Exception {
    server.next(Reply.of("Hel").malformed().text("lo"));

    assertBrokenOff(ask("Hi"), ModelErrorType.UNKNOWN);
  }

  @Test
  void an_error_inside_the_stream_breaks_the_answer_off() throws Exception {
    server.next(Reply.of("Hel").errorEvent("overloaded_error").thenSilence());

    assertBrokenOff(ask("Hi"), ModelErrorType.RATE_LIMIT);
  }

  private void assertBrokenOff(ModelOutcome outcome, ModelErrorType type) {
    Failed failed = (Failed) outcome;
    assertThat(failed.errorType()).isEqualTo(type);
    assertThat(failed.text()).isEqualTo("Hel");
    assertThat(failed.attempts()).isEqualTo(1);
    assertThat(failed.usage().estimated()).isTrue();
    assertThat(time.pauses()).isEmpty();
  }

  @Test
  void a_connection_that_closes_before_the_first_token_is_tried_again() throws Exception {
    server.next(Reply.hangUp()).next(Reply.of().thenCut()).next(Reply.of("Hello"));

    assertThat(ask("Hi").text()).isEqualTo("Hello");
    assertThat(heard.retries).containsExactly(ModelErrorType.CONNECTION, ModelErrorType.CONNECTION);
  }

  @Test
  void retry_after_is_honoured() throws Exception {
    server.next(Reply.error(429, "rate_limit_exceeded").retryAfter("7")).next(Reply.of("Hello"));

    assertThat(ask("Hi")).isInstanceOf(Answered.class);
    assertThat(heard.retries).containsExactly(ModelErrorType.RATE_LIMIT);
    assertThat(time.pauses().getFirst()).isBetween(Duration.ofSeconds(7), Duration.ofMillis(7500));
  }

  @Test
  void retry_after_may_be_a_date() throws Exception {
    server
        .next(Reply.error(503, "unavailable").retryAfter("Thu, 01 Jan 2026 00:00:20 GMT"))
        .next(Reply.of("Hello"));

    assertThat(ask("Hi")).isInstanceOf(Answered.class);
    assertThat(time.pauses().getFirst()).isGreaterThanOrEqualTo(Duration.ofSeconds(20));
  }

  @Test
  void a_provider_that_asks_for_an_hour_is_not_waited_for() throws Exception {
    server.next(Reply.error(429, "rate_limit_exceeded").retryAfter("3600"));

    Failed failed = (Failed) ask("Hi");

    assertThat(failed.errorType()).isEqualTo(ModelErrorType.RATE_LIMIT);
    assertThat(failed.retryAfter()).isEqualTo(Duration.ofHours(1));
    assertThat(failed.attempts()).isEqualTo(1);
  }

  @Test
  void a_failing_server_is_tried_three_times_with_growing_waits() throws Exception {
    for (int i = 0; i < 3; i++) {
      server.next(Reply.error(500, "server_error"));
    }

    Failed failed = (Failed) ask("Hi");

    assertThat(failed.errorType()).isEqualTo(ModelErrorType.UNKNOWN);
    assertThat(failed.attempts()).isEqualTo(3);
    assertThat(time.pauses().get(0)).isBetween(Duration.ofMillis(250), Duration.ofMillis(500));
    assertThat(time.pauses().get(1)).isBetween(Duration.ofMillis(500), Duration.ofMillis(1000));
  }

  @Test
  void a_wrong_key_is_told_once_and_without_secrets() throws Exception {
    server.next(Reply.error(401, "invalid_api_key"));

    Failed failed = (Failed) ask("Hi");

    assertThat(failed.errorType()).isEqualTo(ModelErrorType.AUTHENTICATION);
    assertThat(failed.attempts()).isEqualTo(1);
    assertThat(failed.toString())
        .contains("401", "invalid_api_key")
        .doesNotContain(KEY, "sk-hidden", "secret wording", "127.0.0.1");
  }

  @Test
  void a_refused_request_is_not_repeated() throws Exception {
    server.next(Reply.error(400, "context_length_exceeded"));

    Failed failed = (Failed) ask("Hi");

    assertThat(failed.errorType()).isEqualTo(ModelErrorType.BAD_REQUEST);
    assertThat(failed.message()).contains("context_length_exceeded");
    assertThat(failed.attempts()).isEqualTo(1);
  }

  @Test
  void an_exhausted_account_is_not_asked_again() throws Exception {
    server.next(Reply.error(429, "insufficient_quota"));

    assertThat(((Failed) ask("Hi")).attempts()).isEqualTo(1);
  }

  @Test
  void a_web_page_is_no_answer() throws Exception {
    server.next(Reply.webPage());

    Failed failed = (Failed) ask("Hi");

    assertThat(failed.errorType()).isEqualTo(ModelErrorType.UNKNOWN);
    assertThat(failed.attempts()).isEqualTo(1);
  }

  @Test
  void an_endless_answer_is_bounded() throws Exception {
    server.next(Reply.of("Hel").thenEndless("lo ".repeat(500)));

    Answered answer = (Answered) ask("Hi");

    assertThat(answer.finishReason()).isEqualTo(FinishReason.LENGTH);
    assertThat(answer.text()).hasSizeLessThan(200_000);
    server.awaitClientGone();
  }

  @Test
  void a_redirect_is_not_followed_and_the_key_stays() throws Exception {
    try (ScriptedProviderServer elsewhere =
        ScriptedProviderServer.start(ProviderWire.OPENAI, null)) {
      server.next(Reply.redirect(elsewhere.url()));

      Failed failed = (Failed) ask("Hi");

      assertThat(failed.message()).contains("redirects elsewhere");
      assertThat(failed.attempts()).isEqualTo(1);
    }
  }

  @Test
  void a_refused_connection_is_tried_again_and_told() throws Exception {
    int unused;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      unused = socket.getLocalPort();
    }
    reopen(URI.create("http://127.0.0.1:" + unused + "/v1"));

    Failed failed = (Failed) ask("Hi");

    assertThat(failed.errorType()).isEqualTo(ModelErrorType.CONNECTION);
    assertThat(failed.message()).contains("cannot be reached");
    assertThat(failed.attempts()).isEqualTo(3);
  }

  @Test
  void a_cancel_between_tries_ends_the_call() throws Exception {
    server.next(Reply.error(500, "server_error"));
    Cancellation cancel = new Cancellation();
    ModelListener impatient =
        new ModelListener() {
          @Override
          public void onText(String piece) {}

          @Override
          public void onRetry(int attempt, ModelErrorType errorType, Duration wait) {
            cancel.cancel();
          }
        };

    assertThat(models().call(served(), request("Hi"), impatient, cancel))
        .isInstanceOf(Cancelled.class);
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

  @Test
  void closing_ends_running_calls() throws Exception {
    server.next(Reply.of("Hel").thenSilence());
    RunningCall call = askAside("Hi");
    call.heard.awaitFirst();

    models().close();

    assertBrokenOff(call.outcome(), ModelErrorType.CONNECTION);
  }

  @Test
  void a_call_after_closing_is_an_outcome() throws Exception {
    models().close();

    assertThat(ask("Hi")).isInstanceOf(Failed.class);
  }
}
