package dev.artel.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.artel.llm.Resolution.NoModel;
import dev.artel.llm.Resolution.Served;
import dev.artel.testing.ProviderWire;
import dev.artel.testing.Reply;
import dev.artel.testing.ScriptedProviderServer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.groups.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ResolutionTest {
  private static final String PROXY = "https://models.example.org/v1";

  private final StillTime time = new StillTime();
  private @Nullable Models models;

  private Models models(boolean local, Surroundings around, String... settings) {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i < settings.length; i += 2) {
      given.put(settings[i], settings[i + 1]);
    }
    Models created = Models.create(ModelSettings.of(local, given), around, time, time);
    models = created;
    return created;
  }

  private Models production(String... settings) {
    return models(false, Surroundings.none(), settings);
  }

  private Models local(Surroundings around, String... settings) {
    return models(true, around, settings);
  }

  @AfterEach
  void close() {
    if (models != null) {
      models.close();
    }
  }

  private static Served served(String provider, String model) {
    return new Served(provider, model, false);
  }

  @Test
  void a_server_on_this_machine_is_told_from_a_service_elsewhere_and_from_the_demo() {
    Models models =
        local(
            Surroundings.none(),
            "OPENAI_BASE_URL",
            "http://127.0.0.1:1/v1",
            "ANTHROPIC_API_KEY",
            "k",
            "MODEL_ENDPOINTS",
            "near=http://localhost:2/v1,away=https://127.0.0.1.example.org/v1");

    assertThat(models.onThisMachine("openai")).contains(URI.create("http://127.0.0.1:1/v1"));
    assertThat(models.onThisMachine("near")).contains(URI.create("http://localhost:2/v1"));
    for (String other : List.of("anthropic", "away", "demo", "unknown")) {
      assertThat(models.onThisMachine(other)).as(other).isEmpty();
    }
  }

  @Test
  void a_first_part_that_names_a_configured_provider_serves_the_rest() {
    Models models = production("ANTHROPIC_API_KEY", "k", "MODEL_ENDPOINTS", "openrouter=" + PROXY);

    assertThat(models.resolve("openrouter/openai/gpt-4.1", null))
        .isEqualTo(served("openrouter", "openai/gpt-4.1"));
    assertThat(models.resolve("anthropic/claude-x", null))
        .isEqualTo(served("anthropic", "claude-x"));
  }

  @Test
  void a_provider_that_is_not_configured_is_replaced_by_the_default() {
    Models models =
        production("OPENAI_API_KEY", "k", "GEMINI_API_KEY", "k", "DEFAULT_MODEL", "gemini/g-1");

    assertThat(models.resolve("openrouter/openai/gpt-4.1", null))
        .isEqualTo(served("gemini", "g-1"));
    assertThat(models.resolve("nonsense", null)).isEqualTo(served("gemini", "g-1"));
  }

  @Test
  void without_a_default_the_first_provider_answers_with_its_own_model() {
    assertThat(production("OPENAI_API_KEY", "k", "GEMINI_API_KEY", "k").defaultModel())
        .isEqualTo(served("openai", "gpt-4.1"));
    assertThat(
            production("MODEL_ENDPOINTS", "openrouter=https://openrouter.ai/api/v1").defaultModel())
        .isEqualTo(served("openrouter", "openai/gpt-4.1"));
  }

  @Test
  void production_without_provider_has_no_model() {
    Models models = production();

    assertThat(models.resolve("openrouter/openai/gpt-4.1", null)).isEqualTo(new NoModel());
    assertThat(models.resolve("demo/demo", null)).isEqualTo(new NoModel());
  }

  @Test
  void production_does_not_look_around() {
    assertThat(models(false, new Surroundings(Map.of("OPENAI_API_KEY", "k"), null)).defaultModel())
        .isEqualTo(new NoModel());
  }

  @Test
  void local_mode_looks_around_in_order() {
    Map<String, String> environment =
        Map.of("GEMINI_API_KEY", "k", "ANTHROPIC_API_KEY", "k", "OPENAI_API_KEY", "k");

    assertThat(local(new Surroundings(environment, null)).defaultModel())
        .isEqualTo(served("openai", "gpt-4.1"));
    assertThat(
            local(new Surroundings(Map.of("GEMINI_API_KEY", "k", "ANTHROPIC_API_KEY", "k"), null))
                .defaultModel())
        .isEqualTo(served("anthropic", "claude-sonnet-4-5"));
  }

  @Test
  void a_prefixed_setting_wins_over_the_environment() throws Exception {
    Models models =
        local(
            new Surroundings(Map.of("OPENAI_API_KEY", "other", "GEMINI_API_KEY", "k"), null),
            "ANTHROPIC_API_KEY",
            "k",
            "GEMINI_API_KEY",
            "mine");

    assertThat(models.defaultModel()).isEqualTo(served("anthropic", "claude-sonnet-4-5"));
    assertThat(models.resolve("demo/demo", null)).isEqualTo(new Served("demo", "demo", true));
  }

  @Test
  void a_key_of_the_environment_does_not_go_to_an_address_of_the_settings() throws Exception {
    try (ScriptedProviderServer server = ScriptedProviderServer.start(ProviderWire.OPENAI, null)) {
      // The server fails the test when a key arrives.
      server.next(Reply.of("ok")).lists("m");
      Models models =
          local(
              new Surroundings(Map.of("OPENAI_API_KEY", "k"), null),
              "OPENAI_BASE_URL",
              server.url().toString());

      Served served = (Served) models.defaultModel();
      assertThat(served).isEqualTo(served("openai", "m"));
      assertThat(ask(models, served).text()).isEqualTo("ok");
    }
  }

  @Test
  void each_endpoint_gets_its_own_key_and_no_other() throws Exception {
    try (ScriptedProviderServer one = ScriptedProviderServer.start(ProviderWire.OPENAI, "key-one");
        ScriptedProviderServer two = ScriptedProviderServer.start(ProviderWire.OPENAI, "key-two");
        ScriptedProviderServer bare = ScriptedProviderServer.start(ProviderWire.OPENAI, null)) {
      one.next(Reply.of("1").model("org/m"));
      two.next(Reply.of("2").model("m"));
      bare.next(Reply.of("3").model("m"));
      Models models =
          production(
              "OPENAI_API_KEY",
              "key-openai",
              "MODEL_ENDPOINTS",
              "one=%s,two=%s,bare-one=%s".formatted(one.url(), two.url(), bare.url()),
              "MODEL_ENDPOINT_ONE_KEY",
              "key-one",
              "MODEL_ENDPOINT_TWO_KEY",
              "key-two");

      assertThat(ask(models, (Served) models.resolve("one/org/m", null)).text()).isEqualTo("1");
      assertThat(ask(models, (Served) models.resolve("openai/m", two.url())).text()).isEqualTo("2");
      assertThat(ask(models, (Served) models.resolve("bare-one/m", null)).text()).isEqualTo("3");
    }
  }

  private static ModelOutcome ask(Models models, Served served) throws InterruptedException {
    return models.call(served, ModelContract.request("Hi"), _ -> {}, new Cancellation());
  }

  @Test
  void an_address_of_an_agent_must_be_a_configured_endpoint() {
    Models models = production("OPENAI_API_KEY", "k", "MODEL_ENDPOINTS", "own=" + PROXY);

    assertThat(models.allowsBaseUrl(URI.create(PROXY))).isTrue();
    assertThat(models.allowsBaseUrl(URI.create("HTTPS://Models.example.org/v1/"))).isTrue();
    for (String other :
        List.of(
            "https://api.openai.com/v1",
            "http://models.example.org/v1",
            "https://models.example.org/v1/x",
            "https://models.example.org:444/v1",
            "https://models.example.org@evil.example/v1",
            "https://models.example.org/v1?x=1",
            "file:///etc/passwd",
            "mailto:x",
            "x")) {
      assertThat(models.allowsBaseUrl(URI.create(other))).as(other).isFalse();
    }
  }

  @Test
  void an_address_of_an_agent_decides_alone() {
    Models models = production("OPENAI_API_KEY", "k", "MODEL_ENDPOINTS", "own=" + PROXY);

    assertThat(models.resolve("meta-llama/Llama-3", URI.create(PROXY)))
        .isEqualTo(served("own", "meta-llama/Llama-3"));
    assertThat(models.resolve("openai/gpt-x", URI.create(PROXY))).isEqualTo(served("own", "gpt-x"));
    assertThat(models.resolve("own/gpt-x", URI.create(PROXY))).isEqualTo(served("own", "gpt-x"));
    assertThat(models.resolve("openai/gpt-x", URI.create("https://gone.example/v1")))
        .isEqualTo(served("openai", "gpt-x"));
  }

  @Test
  void a_running_ollama_with_a_model_serves_local_mode() throws IOException {
    try (ScriptedProviderServer ollama = ScriptedProviderServer.start(ProviderWire.OPENAI, null)) {
      ollama.lists("nomic-embed-text", "llama3.2:latest");

      Models models = local(new Surroundings(Map.of(), ollama.url()));

      assertThat(models.defaultModel()).isEqualTo(served("ollama", "llama3.2:latest"));
    }
  }

  @Test
  void the_first_model_of_a_list_stays_the_default() throws Exception {
    try (ScriptedProviderServer server = ScriptedProviderServer.start(ProviderWire.OPENAI, null)) {
      server.lists("a", "b");
      Models models = production("MODEL_ENDPOINTS", "own=" + server.url());
      assertThat(models.defaultModel()).isEqualTo(served("own", "a"));

      server.lists("new", "a", "b");
      time.pass(Duration.ofHours(1));

      assertThat(models.defaultModel()).isEqualTo(served("own", "a"));
    }
  }

  @Test
  void a_server_that_lists_nothing_is_asked_for_its_default() throws Exception {
    try (ScriptedProviderServer server = ScriptedProviderServer.start(ProviderWire.OPENAI, null)) {
      server.listStatus(404);
      Models models = production("MODEL_ENDPOINTS", "own=" + server.url());

      assertThat(models.defaultModel()).isEqualTo(served("own", "default"));
      assertThat(models.provider("own").orElseThrow().available()).isTrue();
    }
  }

  @Test
  void prices_that_a_provider_lists_are_used() throws Exception {
    try (ScriptedProviderServer server = ScriptedProviderServer.start(ProviderWire.OPENAI, null)) {
      server
          .listsRaw(
              """
              {"data":[{"id":"m","pricing":{"prompt":"0.000001","completion":"0.000002"}}]}
              """)
          .next(Reply.of("a").usage(1000, 1000))
          .next(Reply.of("b").usage(1000, 1000));
      Models models = production("MODEL_ENDPOINTS", "own=" + server.url());

      assertThat(ask(models, served("own", "m")).usage().costUsd()).isNull();
      assertThat(models.provider("own")).isPresent();
      assertThat(ask(models, served("own", "m")).usage().costUsd()).isEqualByComparingTo("0.003");
    }
  }

  @Test
  void an_ollama_without_models_leaves_the_demo() throws IOException {
    try (ScriptedProviderServer ollama = ScriptedProviderServer.start(ProviderWire.OPENAI, null)) {
      ollama.lists();

      assertThat(local(new Surroundings(Map.of(), ollama.url())).defaultModel())
          .isEqualTo(new Served("demo", "demo", true));
    }
  }

  @Test
  void the_providers_are_listed_with_kind_source_and_state() throws Exception {
    try (ScriptedProviderServer server = ScriptedProviderServer.start(ProviderWire.OPENAI, "k")) {
      server.lists("m-1", "m-2");
      Models models =
          local(
              Surroundings.none(),
              "MODEL_ENDPOINTS",
              "own=" + server.url(),
              "MODEL_ENDPOINT_OWN_KEY",
              "k");

      assertThat(models.providers())
          .extracting(
              ProviderInfo::id, ProviderInfo::kind, ProviderInfo::source, ProviderInfo::available)
          .containsExactly(
              Tuple.tuple("own", ProviderKind.OPENAI, ProviderSource.CONFIGURATION, true),
              Tuple.tuple("demo", ProviderKind.DEMO, ProviderSource.BUILT_IN, true));
      assertThat(models.provider("nobody")).isEmpty();
    }
  }

  @Test
  void a_default_of_an_unknown_provider_stops_the_start() {
    assertThatThrownBy(() -> production("OPENAI_API_KEY", "k", "DEFAULT_MODEL", "openrouter/x"))
        .isInstanceOf(InvalidModelSettings.class)
        .hasMessage(
            "ARTEL_DEFAULT_MODEL names the provider 'openrouter', which is not configured; configured: openai");
  }

  @Test
  void a_provider_that_is_gone_since_is_an_outcome() throws Exception {
    ModelOutcome outcome = ask(production(), served("gone", "m"));

    assertThat(outcome).isInstanceOf(ModelOutcome.Failed.class);
    assertThat(((ModelOutcome.Failed) outcome).message()).contains("not configured any more");
  }

  @Test
  void a_model_name_cannot_leave_the_path_of_gemini() throws Exception {
    Models models = production("GEMINI_API_KEY", "k");

    ModelOutcome outcome = ask(models, served("gemini", "../../upload?x="));

    assertThat(((ModelOutcome.Failed) outcome).errorType()).isEqualTo(ModelErrorType.BAD_REQUEST);
  }
}
