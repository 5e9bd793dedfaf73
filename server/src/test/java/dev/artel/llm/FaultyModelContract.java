package dev.artel.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.llm.ModelOutcome.Answered;
import dev.artel.llm.ModelOutcome.Cancelled;
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
  void a_slow_first_token_times_out_and_is_tried_again() throws Exception {
    impatientForTheFirstToken();
    server.next(Reply.silence()).next(Reply.of().thenSilence()).next(Reply.silence());

    Failed failed = (Failed) ask("Hi");

    assertThat(failed.errorType()).isEqualTo(ModelErrorType.TIMEOUT);
    assertThat(failed.attempts()).isEqualTo(3);
    assertThat(time.pauses()).hasSize(2);
    server.awaitClientGone();
  }

  @Test
  void comments_do_not_count_as_tokens() throws Exception {
    impatientForTheFirstToken();
    for (int i = 0; i < 3; i++) {
      server.next(Reply.of().thenEndlessComments());
    }

    assertThat(((Failed) ask("Hi")).errorType()).isEqualTo(ModelErrorType.TIMEOUT);
  }

  @Test
  void a_gap_between_tokens_times_out_once() throws Exception {
    impatientBetweenTokens();
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
