package dev.artel.agent;

import java.util.ArrayList;
import java.util.List;

/// One version of an agent, and in which fields it differs from the one before.
///
/// @param changed field names, those of metadata as `metadata.role`; empty for the first
public record VersionChange(AgentVersion version, List<String> changed) {
  static VersionChange of(VersionStore.Pair pair) {
    AgentVersion before = pair.before();
    if (before == null) {
      return new VersionChange(pair.version(), List.of());
    }
    var changed = new ArrayList<>(ConfigRules.changed(before.config(), pair.version().config()));
    if (!before.name().equals(pair.version().name())) {
      changed.addFirst("name");
    }
    return new VersionChange(pair.version(), changed);
  }
}
