package dev.artel.boot;

import java.util.stream.Stream;
import org.springframework.context.annotation.ImportSelector;
import org.springframework.core.type.AnnotationMetadata;

/// The modules, each after those it uses. They are package-private, hence by name.
final class ModuleList implements ImportSelector {
  private static final String[] MODULES = {
    "boot.Config",
    "db.Db",
    "http.Http",
    "http.Docs",
    "ops.Ops",
    "llm.Llm",
    "event.Event",
    "identity.Identity",
    "project.Project",
    "bus.Bus",
    "agent.Agent",
    "runtime.Runtime",
    "orchestrator.Orchestrator",
    "space.Space",
    "chat.Chat",
    "analytics.Analytics",
  };

  @Override
  public String[] selectImports(AnnotationMetadata importing) {
    return Stream.of(MODULES).map(name -> "dev.artel." + name + "Module").toArray(String[]::new);
  }
}
