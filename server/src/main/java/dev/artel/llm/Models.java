package dev.artel.llm;

import dev.artel.llm.Resolution.NoModel;
import dev.artel.llm.Resolution.Served;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// The way to language models. Thread-safe. Calls block the calling thread, which should be a
/// virtual one, and hold no other thread.
public final class Models implements AutoCloseable {
  // Asked for when a server names no model of its own: most single-model servers ignore the name,
  // the others answer that they do not know it.
  private static final String UNNAMED = "default";

  private final ModelSettings settings;
  private final List<Provider> providers;
  private final @Nullable String defaultModel;
  private final Network network;
  private final Catalogue catalogue;
  private final Map<String, String> firstModels = new ConcurrentHashMap<>();
  private final Clock clock;

  Models(ModelSettings settings, List<Provider> providers, Network network, Clock clock) {
    this.settings = settings;
    this.providers = List.copyOf(providers);
    this.defaultModel = settings.defaultModel();
    this.network = network;
    this.catalogue = new Catalogue(clock);
    this.clock = clock;
    if (defaultModel != null && named(defaultModel) == null) {
      throw new InvalidModelSettings(
          "DEFAULT_MODEL",
          "names the provider '%s', which is not configured; configured: %s"
              .formatted(
                  firstPart(defaultModel),
                  providers.isEmpty()
                      ? "none"
                      : String.join(", ", providers.stream().map(Provider::id).toList())));
    }
  }

  /// Finds the providers. In local mode this asks a local Ollama, for at most half a second. Throws
  /// [InvalidModelSettings].
  public static Models create(
      ModelSettings settings, Surroundings around, Clock clock, Pacing pacing) {
    return create(settings, around, Discovery.Services.REAL, clock, pacing);
  }

  static Models create(
      ModelSettings settings,
      Surroundings around,
      Discovery.Services services,
      Clock clock,
      Pacing pacing) {
    PriceTable prices = PriceTable.load(settings.prices());
    Network network = new Network(settings.firstTokenTimeout());
    try {
      Provider demo = new DemoProvider(pacing, TokenCounter.approximate());
      List<Provider> found =
          new Discovery(settings, around, services, network, prices, clock).find(demo);
      return new Models(settings, found, network, clock);
    } catch (RuntimeException e) {
      network.close();
      throw e;
    }
  }

  /// Who answers for an agent's `model` (`provider/model`) and `metadata.base_url`. An address of
  /// `ARTEL_MODEL_ENDPOINTS` decides alone; then a first part that names a configured provider; all
  /// else is served by the deployment's default. May ask a provider for its list, bounded in time,
  /// when neither request nor settings name a model.
  public Resolution resolve(String model, @Nullable URI baseUrl) {
    Provider endpoint = baseUrl == null ? null : endpointAt(baseUrl);
    if (endpoint != null) {
      return served(endpoint, modelAtEndpoint(endpoint, model));
    }
    Provider provider = named(model);
    return provider == null ? defaultModel() : served(provider, rest(model));
  }

  /// Who answers where no agent says otherwise.
  public Resolution defaultModel() {
    Provider named = defaultModel == null ? null : named(defaultModel);
    if (named != null && defaultModel != null) {
      return served(named, rest(defaultModel));
    }
    return providers.isEmpty() ? new NoModel() : served(providers.getFirst(), "");
  }

  /// Whether no provider is configured at all: then nothing resolves. Asks nobody.
  public boolean isEmpty() {
    return providers.isEmpty();
  }

  /// Whether an agent may name this address as its `metadata.base_url`: only those of
  /// `ARTEL_MODEL_ENDPOINTS`.
  public boolean allowsBaseUrl(URI baseUrl) {
    return endpointAt(baseUrl) != null;
  }

  /// Asks `served` once and blocks until the answer is complete, broken, or cancelled; who calls
  /// decides whether to try again. Whatever the provider does is an outcome; only an interrupt of
  /// this thread and exceptions of the listener are thrown, after the connection closed.
  public ModelOutcome call(
      Served served, ModelRequest request, ModelListener listener, Cancellation cancel)
      throws InterruptedException {
    Provider provider = byId(served.provider());
    if (provider == null) {
      ModelFault fault = new Faults(served.provider()).notConfigured();
      return new ModelOutcome.Failed(
          served,
          fault.type(),
          fault.message(),
          false,
          null,
          "",
          "",
          Usage.NONE,
          new ModelOutcome.Latency(null, 0));
    }
    PriceTable.Price price = provider.price(served.model());
    return new ModelCall(
            provider,
            served,
            price == null ? catalogue.listedPrice(provider, served.model()) : price,
            request,
            listener,
            cancel,
            clock)
        .run(settings.firstTokenTimeout(), settings.idleTimeout());
  }

  /// All providers in order, each asked for free at most once a minute, all at once, within five
  /// seconds.
  public List<ProviderInfo> providers() throws InterruptedException {
    try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<ProviderInfo>> questions =
          providers.stream().<Callable<ProviderInfo>>map(p -> () -> info(p)).toList();
      List<ProviderInfo> answers = new ArrayList<>();
      for (Future<ProviderInfo> answer : each.invokeAll(questions)) {
        answers.add(answer.get());
      }
      return List.copyOf(answers);
    } catch (ExecutionException e) {
      throw new IllegalStateException("listing a provider's models must not throw", e.getCause());
    }
  }

  /// One provider, asked for free at most once a minute, within five seconds.
  public Optional<ProviderInfo> provider(String id) {
    return Optional.ofNullable(byId(id)).map(this::info);
  }

  /// Where this provider listens, when that is this machine. What it costs is not known: it may
  /// pass requests on.
  public Optional<URI> onThisMachine(String id) {
    return Optional.ofNullable(byId(id)).map(Provider::onThisMachine);
  }

  /// Ends running calls and closes their connections.
  @Override
  public void close() {
    network.close();
  }

  private ProviderInfo info(Provider provider) {
    Provider.Listing listing = catalogue.of(provider);
    return new ProviderInfo(
        provider.id(),
        provider.kind(),
        provider.source(),
        listing.errorType() == null,
        listing.errorType(),
        listing.models());
  }

  private Served served(Provider provider, String model) {
    String name = model.isEmpty() ? ownModel(provider) : model;
    return new Served(provider.id(), name, provider.kind() == ProviderKind.DEMO);
  }

  private String ownModel(Provider provider) {
    String own = provider.defaultModel();
    if (own != null) {
      return own;
    }
    // Kept for good once it is known: the default must not change when a server gets another model,
    // and no turn should wait for a list.
    String before = firstModels.get(provider.id());
    if (before != null) {
      return before;
    }
    List<ModelInfo> listed = catalogue.of(provider).models();
    if (listed.isEmpty()) {
      return UNNAMED;
    }
    String first = listed.getFirst().name();
    String raced = firstModels.putIfAbsent(provider.id(), first);
    return raced == null ? first : raced;
  }

  // The model at an endpoint may have a slash of its own (`meta-llama/Llama-3`), so the first part
  // is taken off only where it names a provider.
  private String modelAtEndpoint(Provider endpoint, String model) {
    String first = firstPart(model);
    boolean isProvider =
        first.equals(endpoint.id()) || first.equals("openrouter") || byId(first) != null;
    return isProvider ? rest(model) : model;
  }

  private @Nullable Provider endpointAt(URI baseUrl) {
    URI url;
    try {
      url = ModelSettings.normal(baseUrl);
    } catch (IllegalArgumentException | IndexOutOfBoundsException _) {
      return null;
    }
    for (ModelEndpoint endpoint : settings.endpoints()) {
      if (endpoint.url().equals(url)) {
        return byId(endpoint.name());
      }
    }
    return null;
  }

  private @Nullable Provider named(String model) {
    return byId(firstPart(model));
  }

  private @Nullable Provider byId(String id) {
    for (Provider provider : providers) {
      if (provider.id().equals(id)) {
        return provider;
      }
    }
    return null;
  }

  private static String firstPart(String model) {
    int slash = model.indexOf('/');
    return slash < 0 ? model : model.substring(0, slash);
  }

  private static String rest(String model) {
    int slash = model.indexOf('/');
    return slash < 0 ? "" : model.substring(slash + 1);
  }
}
