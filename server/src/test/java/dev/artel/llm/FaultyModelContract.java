package dev.artel.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.llm.ModelOutcome.Answered;
import dev.artel.llm.ModelOutcome.Failed;
import dev.artel.testing.ProviderWire;
import dev.artel.testing.Reply;
import dev.artel.testing.ScriptedProviderServer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// What callers rely on when networks and providers fail as they do.
abstract class FaultyModelContract extends RemoteModelContract {
  FaultyModelContract(ProviderWire wire) {
    super(wire);
  }

  @Test
  void a_slow_first_token_times_out_and_may_be_tried_again() throws Exception {
    impatientForTheFirstToken();
    server.next(Reply.silence()).next(Reply.of().thenSilence());

    assertMayPass(ask("Hi"), ModelErrorType.TIMEOUT);
    assertMayPass(ask("Hi"), ModelErrorType.TIMEOUT);
    server.awaitClientGone();
  }

  private void assertMayPass(ModelOutcome outcome, ModelErrorType type) {
    Failed failed = (Failed) outcome;
    assertThat(failed.errorType()).isEqualTo(type);
    assertThat(failed.retryable()).isTrue();
    assertThat(failed.usage()).isEqualTo(Usage.NONE);
  }

  @Test
  void comments_do_not_count_as_tokens() throws Exception {
    impatientForTheFirstToken();
    server.next(Reply.of().thenEndlessComments());

    assertMayPass(ask("Hi"), ModelErrorType.TIMEOUT);
  }

  @Test
  void a_gap_between_tokens_times_out_once() throws Exception {
    impatientBetweenTokens();
    server.next(Reply.of("Hel").thenSilence());

    assertBrokenOff(ask("Hi"), ModelErrorType.TIMEOUT);
    server.awaitClientGone();
  }

  @Test
  void a_stream_that_is_cut_is_not_to_be_tried_again() throws Exception {
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
    assertThat(failed.retryable()).isFalse();
    assertThat(failed.usage().estimated()).isTrue();
  }

  @Test
  void a_connection_that_closes_before_the_first_token_may_be_tried_again() throws Exception {
    server.next(Reply.hangUp()).next(Reply.of().thenCut());

    assertMayPass(ask("Hi"), ModelErrorType.CONNECTION);
    assertMayPass(ask("Hi"), ModelErrorType.CONNECTION);
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void how_long_a_provider_asks_to_wait_is_told() throws Exception {
    server.next(Reply.error(429, "rate_limit_exceeded").retryAfter("7"));

    ModelOutcome outcome = ask("Hi");

    assertMayPass(outcome, ModelErrorType.RATE_LIMIT);
    assertThat(((Failed) outcome).retryAfter()).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void retry_after_may_be_a_date() throws Exception {
    server.next(Reply.error(503, "unavailable").retryAfter("Thu, 01 Jan 2026 00:00:20 GMT"));

    assertThat(((Failed) ask("Hi")).retryAfter()).isEqualTo(Duration.ofSeconds(20));
  }

  @Test
  void a_failing_server_is_asked_once_a_call() throws Exception {
    server.next(Reply.error(500, "server_error"));

    assertMayPass(ask("Hi"), ModelErrorType.UNKNOWN);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void a_wrong_key_is_told_once_and_without_secrets() throws Exception {
    server.next(Reply.error(401, "invalid_api_key"));

    Failed failed = (Failed) ask("Hi");

    assertThat(failed.errorType()).isEqualTo(ModelErrorType.AUTHENTICATION);
    assertThat(failed.retryable()).isFalse();
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
    assertThat(failed.retryable()).isFalse();
  }

  @Test
  void an_exhausted_account_is_not_asked_again() throws Exception {
    server.next(Reply.error(429, "insufficient_quota"));

    assertThat(((Failed) ask("Hi")).retryable()).isFalse();
  }

  @Test
  void a_web_page_is_no_answer() throws Exception {
    server.next(Reply.webPage());

    Failed failed = (Failed) ask("Hi");

    assertThat(failed.errorType()).isEqualTo(ModelErrorType.UNKNOWN);
    assertThat(failed.retryable()).isFalse();
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
      assertThat(failed.retryable()).isFalse();
    }
  }

  @Test
  void a_refused_connection_is_told() throws Exception {
    int unused;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      unused = socket.getLocalPort();
    }
    reopen(URI.create("http://127.0.0.1:" + unused + "/v1"));

    ModelOutcome outcome = ask("Hi");

    assertMayPass(outcome, ModelErrorType.CONNECTION);
    assertThat(((Failed) outcome).message()).contains("cannot be reached");
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
