package dev.artel.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.llm.ModelOutcome.Answered;
import dev.artel.llm.Resolution.Served;
import dev.artel.testing.ProviderWire;
import dev.artel.testing.Reply;
import dev.artel.testing.ScriptedProviderServer;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConcurrentStreamsTest {
  private static final int STREAMS = 1000;
  // Carriers and pollers of virtual threads, the client's selector, and what the JVM starts by
  // itself.
  private static final int PLATFORM_THREADS_MAX = 16;
  private static final String KEY = "test-key";

  @ParameterizedTest
  @EnumSource
  void a_thousand_streams_wait_at_once_on_few_platform_threads(ProviderWire wire) throws Exception {
    CountDownLatch began = new CountDownLatch(STREAMS);
    CountDownLatch release = new CountDownLatch(1);
    try (ScriptedProviderServer server = ScriptedProviderServer.start(wire, KEY)) {
      server.always(request ->
          Reply.of("you said ")
              .hold(began, release)
              .text(request.lastText())
              .asking(request.lastText()));
      Duration patience = Duration.ofSeconds(60);
      ModelSettings settings =
          switch (wire) {
            case OPENAI -> TestSettings.openai(server.url(), KEY, patience, patience);
            case ANTHROPIC -> TestSettings.anthropic(server.url(), KEY, patience, patience);
            case GEMINI -> TestSettings.gemini(server.url(), KEY, patience, patience);
          };
      var services = new Discovery.Services(server.url(), server.url(), server.url());
      int before = platformThreads();
      try (Models models =
          Models.create(
              settings, Surroundings.none(), services, Clock.systemUTC(), Pacing.real())) {
        Served first = (Served) models.defaultModel();
        Served served = new Served(first.provider(), "test-model", false);
        List<RunningCall> calls = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
          calls.add(new RunningCall(models, served, ModelContract.request("call " + i)));
        }
        assertThat(began.await(60, TimeUnit.SECONDS)).isTrue();
        for (RunningCall call : calls) {
          call.heard.awaitFirst();
        }

        int added = platformThreads() - before;
        release.countDown();

        assertThat(added).isLessThanOrEqualTo(PLATFORM_THREADS_MAX);
        for (int i = 0; i < STREAMS; i++) {
          ModelOutcome outcome = calls.get(i).outcome();
          assertThat(outcome).isInstanceOf(Answered.class);
          assertThat(outcome.text()).isEqualTo("you said call " + i);
        }
      }
    }
  }

  private static int platformThreads() {
    return ManagementFactory.getThreadMXBean().getThreadCount();
  }
}
