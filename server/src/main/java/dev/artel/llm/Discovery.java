package dev.artel.llm;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Finds the providers, in the order in which they may become the default: the settings, then, in
/// local mode, the well-known environment variables, a local Ollama, and the demo model.
final class Discovery {
  /// Where the providers' own services live; only tests put other addresses here.
  record Services(URI openAi, URI anthropic, URI gemini) {
    static final Services REAL =
        new Services(OpenAiDialect.OPENAI, AnthropicDialect.ANTHROPIC, GeminiDialect.GEMINI);
  }

  private static final String OLLAMA = "ollama";
  // The free call behind health and lists; an agent's health check allows 5 s in all.
  private static final Duration LIST_TIMEOUT = Duration.ofSeconds(4);
  private static final Duration OLLAMA_TIMEOUT = Duration.ofMillis(500);

  private final ModelSettings settings;
  private final Surroundings around;
  private final Services services;
  private final Network network;
  private final PriceTable prices;
  private final Clock clock;
  private final List<Provider> found = new ArrayList<>();

  Discovery(
      ModelSettings settings,
      Surroundings around,
      Services services,
      Network network,
      PriceTable prices,
      Clock clock) {
    this.settings = settings;
    this.around = around;
    this.services = services;
    this.network = network;
    this.prices = prices;
    this.clock = clock;
  }

  List<Provider> find(Provider demo) {
    services(
        ProviderSource.CONFIGURATION,
        settings.openAiKey(),
        settings.openAiBaseUrl(),
        settings.anthropicKey(),
        settings.geminiKey());
    for (ModelEndpoint endpoint : settings.endpoints()) {
      add(
          endpoint.name(),
          ProviderSource.CONFIGURATION,
          new OpenAiDialect(endpoint.url(), endpoint.key()));
    }
    if (settings.local()) {
      environment();
      ollama();
      found.add(demo);
    }
    return List.copyOf(found);
  }

  // A provider is taken whole from one source: a key from the environment never goes to an address
  // from the settings.
  private void services(
      ProviderSource source,
      @Nullable ApiKey openAi,
      @Nullable URI openAiUrl,
      @Nullable ApiKey anthropic,
      @Nullable ApiKey gemini) {
    if (openAi != null || openAiUrl != null) {
      add(
          "openai",
          source,
          new OpenAiDialect(openAiUrl == null ? services.openAi() : openAiUrl, openAi));
    }
    if (anthropic != null) {
      add("anthropic", source, new AnthropicDialect(services.anthropic(), anthropic));
    }
    if (gemini != null) {
      add("gemini", source, new GeminiDialect(services.gemini(), gemini));
    }
  }

  private void environment() {
    Map<String, String> given = around.environment();
    boolean open = !known("openai");
    services(
        ProviderSource.ENVIRONMENT,
        open ? environmentKey(given, "OPENAI_API_KEY") : null,
        open ? environmentUrl(given) : null,
        environmentKey(given, "ANTHROPIC_API_KEY"),
        environmentKey(given, "GEMINI_API_KEY"));
  }

  // What lies in the environment is not addressed to Artel: a broken value there is passed over.
  private static @Nullable ApiKey environmentKey(Map<String, String> given, String name) {
    try {
      return ModelSettings.key(given, name);
    } catch (InvalidModelSettings _) {
      return null;
    }
  }

  // An address that cannot be used must not fall back to OpenAI's own: the key beside it is not
  // OpenAI's. The start stops instead, and says which variable is meant.
  private static @Nullable URI environmentUrl(Map<String, String> given) {
    String text = given.get("OPENAI_BASE_URL");
    if (text == null) {
      return null;
    }
    try {
      return ModelSettings.url("OPENAI_BASE_URL", text);
    } catch (InvalidModelSettings e) {
      throw new InvalidModelSettings(
          "OPENAI_BASE_URL",
          "is not set, and OPENAI_BASE_URL of the environment is no usable http or https URL; correct"
              + " it or set ARTEL_OPENAI_BASE_URL");
    }
  }

  private void ollama() {
    URI address = around.ollama();
    if (address == null || known(OLLAMA)) {
      return;
    }
    OpenAiDialect dialect = new OpenAiDialect(ModelSettings.normal(address), null);
    // One that is named must be there; otherwise it is used if it runs now and has a model.
    boolean named =
        settings.defaultModel() != null && settings.defaultModel().startsWith(OLLAMA + "/");
    if (named) {
      add(OLLAMA, ProviderSource.OLLAMA, dialect);
      return;
    }
    Provider.Listing listing =
        remote(OLLAMA, ProviderSource.OLLAMA, dialect, OLLAMA_TIMEOUT).list();
    if (listing.errorType() == null && !listing.models().isEmpty()) {
      add(OLLAMA, ProviderSource.OLLAMA, dialect);
    }
  }

  private boolean known(String id) {
    return found.stream().anyMatch(provider -> provider.id().equals(id));
  }

  private void add(String id, ProviderSource source, Dialect dialect) {
    if (!known(id)) {
      found.add(remote(id, source, dialect, LIST_TIMEOUT));
    }
  }

  private RemoteProvider remote(
      String id, ProviderSource source, Dialect dialect, Duration listTimeout) {
    return new RemoteProvider(id, source, dialect, network, prices, clock, listTimeout);
  }
}
