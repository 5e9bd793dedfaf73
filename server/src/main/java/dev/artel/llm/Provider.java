package dev.artel.llm;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One source of answers.
interface Provider {
  String id();

  ProviderKind kind();

  ProviderSource source();

  /// See [Dialect#defaultModel].
  @Nullable String defaultModel();

  PriceTable.@Nullable Price price(String model);

  /// Where it listens, when that is this machine; null for a service elsewhere and for what is
  /// built in.
  default @Nullable URI onThisMachine() {
    return null;
  }

  /// Streams one answer into `exchange` and returns when it has an end. Blocks the calling virtual
  /// thread.
  void stream(String model, ModelRequest request, Exchange exchange);

  /// Asks for free whether the provider is there and what it has. Bounded in time.
  Listing list();

  /// What a provider said of itself. `errorType` is null when it is available.
  record Listing(@Nullable ModelErrorType errorType, List<ModelInfo> models) {}
}
