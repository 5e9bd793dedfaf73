package dev.artel.agent;

import dev.artel.base.Fault;
import dev.artel.db.Tx;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.IdText;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.UserId;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Finds whom a text addresses.
final class Addressing {
  private static final int SUGGESTIONS_MAX = 3;

  private final AgentStore store;

  Addressing(AgentStore store) {
    this.store = store;
  }

  static Fault missing() {
    return Fault.notFound("Agent not found");
  }

  Optional<Agent> find(Tx tx, UserId user, ProjectId project, String address) {
    Optional<UUID> id = IdText.parse(address);
    if (id.isPresent()) {
      return store.byId(tx, user, project, new AgentId(id.get()));
    }
    Optional<AgentNames.NameAtVersion> readable = AgentNames.readable(user, address);
    if (readable.isPresent()) {
      return byReadable(tx, user, project, readable.get());
    }
    String name = name(address);
    return AgentNames.problem(name) == null
        ? store.byName(tx, user, project, name)
        : Optional.empty();
  }

  /// A present name wins over an old one: what the id means never depends on what was renamed.
  private Optional<Agent> byReadable(
      Tx tx, UserId user, ProjectId project, AgentNames.NameAtVersion readable) {
    if (AgentNames.problem(readable.name()) != null) {
      return Optional.empty();
    }
    Optional<Agent> named = store.byName(tx, user, project, readable.name());
    return named.isPresent()
        ? named.filter(agent -> readable.version() <= agent.version())
        : store.byOldName(tx, user, project, readable);
  }

  Agent target(Tx tx, UserId user, ProjectId project, String address) {
    return find(tx, user, project, address)
        .orElseThrow(() -> {
          List<String> near = suggestions(tx, user, project, address);
          return missing(project, address, near).with("suggestions", near);
        });
  }

  /// A name comes back, so that a slip in it is seen; an id never, so that a foreign one and one
  /// that was never given have the same answer.
  private static Fault missing(ProjectId project, String address, List<String> near) {
    String name = name(address);
    if (AgentNames.problem(name) != null) {
      return missing();
    }
    return Fault.notFound(
        near.isEmpty()
            ? "Agent not found: %s; GET /my/projects/%s/agents lists the agents"
                .formatted(name, project)
            : "Agent not found: %s".formatted(name));
  }

  /// The names of the project that one may have meant, closest first.
  private List<String> suggestions(Tx tx, UserId user, ProjectId project, String address) {
    String meant = AgentNames.key(name(address));
    if (meant.isEmpty() || meant.codePointCount(0, meant.length()) > AgentNames.CHARS_MAX) {
      return List.of();
    }
    record Near(String name, int distance) {}
    return store.all(tx, user, project).stream()
        .map(agent -> new Near(agent.name(), distance(meant, AgentNames.key(agent.name()))))
        .filter(near -> near.distance() <= Math.max(2, meant.length() / 2))
        .sorted(Comparator.comparingInt(Near::distance).thenComparing(Near::name))
        .limit(SUGGESTIONS_MAX)
        .map(Near::name)
        .toList();
  }

  /// The beginning of a name counts as near, however much is left to type.
  private static int distance(String meant, String name) {
    return name.startsWith(meant) ? 1 : AgentNames.distance(meant, name);
  }

  private static String name(String address) {
    return AgentNames.canonical(address.startsWith("@") ? address.substring(1) : address);
  }
}
