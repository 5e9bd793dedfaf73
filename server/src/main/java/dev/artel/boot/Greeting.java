package dev.artel.boot;

import dev.artel.identity.Identity;
import dev.artel.llm.Models;
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
      case Served served -> "%s%s, %s".formatted(served.provider(), name(served), cost(served));
    };
  }

  private static String name(Served served) {
    return served.model().isEmpty() ? "" : "/" + served.model();
  }

  private static String cost(Served served) {
    return served.provider().equals("ollama")
        ? "on this machine, which costs nothing"
        : "which may cost money";
  }
}
