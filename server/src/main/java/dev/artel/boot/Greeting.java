package dev.artel.boot;

import dev.artel.identity.Identity;
import dev.artel.llm.Models;
import dev.artel.llm.ProviderInfo;
import dev.artel.llm.Resolution;
import dev.artel.llm.Resolution.Served;
import java.net.URI;

/// What a person reads when their service has started: where it is, where their data is, and which
/// model answers and at whose cost.
final class Greeting {
  private Greeting() {}

  static String of(Config config, int port, Identity identity, Models models) {
    URI app = URI.create("http://127.0.0.1:%d/app/".formatted(port));
    return """

      Artel is ready.

        Open    %s
        Data    %s
        Model   %s

      The link signs you in once, within ten minutes. Ctrl-C stops.
    """
        .formatted(identity.link(app).orElse(app), config.service().home(), model(models));
  }

  private static String model(Models models) {
    return switch (models.defaultModel()) {
      case Resolution.NoModel() -> "none is configured; docs/configuration.md, section Models";
      case Served served when served.demo() ->
          "the built-in demo model, which costs nothing; README.md tells how to connect a real one";
      case Served served ->
          models
              .onThisMachine(served.provider())
              .map(address -> near(address, served, models))
              .orElseGet(
                  () -> "%s/%s, which may cost money".formatted(served.provider(), served.model()));
    };
  }

  /// A server of one's own may not run yet, need not say what it serves, and may pass on to one
  /// that costs.
  private static String near(URI address, Served served, Models models) {
    ProviderInfo told = models.provider(served.provider()).orElseThrow();
    if (!told.available()) {
      return "the one at %s, a server on this machine that does not answer now".formatted(address);
    }
    String name = told.models().isEmpty() ? "the one" : served.provider() + "/" + served.model();
    return "%s at %s, a server on this machine".formatted(name, address);
  }
}
