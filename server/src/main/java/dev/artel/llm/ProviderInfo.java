package dev.artel.llm;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One provider as it stood when it was last asked, at most a minute ago. `errorType` is set when
/// it is not available.
public record ProviderInfo(
    String id,
    ProviderKind kind,
    ProviderSource source,
    boolean available,
    @Nullable ModelErrorType errorType,
    List<ModelInfo> models) {
  public ProviderInfo {
    models = List.copyOf(models);
  }
}
