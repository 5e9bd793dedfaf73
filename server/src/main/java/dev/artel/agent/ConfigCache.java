package dev.artel.agent;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.UserId;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The configurations that tasks asked for last. A reader always names the version it wants, so an
/// entry that another node has outdated is never served; it is only read again.
final class ConfigCache {
  static final Duration TTL = Duration.ofMinutes(5);
  static final int ENTRIES_MAX = 10_000;

  private final Cache<String, AgentVersion> entries;
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();

  ConfigCache(Ticker ticker) {
    entries =
        Caffeine.newBuilder()
            .ticker(ticker)
            .executor(Runnable::run)
            .expireAfterWrite(TTL)
            .maximumSize(ENTRIES_MAX)
            .build();
  }

  Optional<AgentVersion> get(
      UserId user,
      ProjectId project,
      AgentId agent,
      int version,
      Supplier<Optional<AgentVersion>> load) {
    String key = key(user, project, agent);
    AgentVersion known = entries.getIfPresent(key);
    if (known != null && known.version() == version) {
      hits.increment();
      return Optional.of(known);
    }
    misses.increment();
    Optional<AgentVersion> loaded = load.get();
    if (known == null || known.version() < version) {
      loaded.ifPresent(fresh -> entries.put(key, fresh));
    }
    return loaded;
  }

  /// Keeps it unless a newer one is there.
  void keep(UserId user, ProjectId project, AgentVersion present) {
    AgentVersion _ =
        entries
            .asMap()
            .merge(
                key(user, project, present.agent()),
                present,
                (known, fresh) -> known.version() >= fresh.version() ? known : fresh);
  }

  void drop(UserId user, ProjectId project, AgentId agent) {
    entries.invalidate(key(user, project, agent));
  }

  void dropAll(UserId user, ProjectId project) {
    String prefix = "user%s:project%s:".formatted(user, project);
    entries.asMap().keySet().removeIf(key -> key.startsWith(prefix));
  }

  boolean holds(UserId user, ProjectId project, AgentId agent) {
    return entries.getIfPresent(key(user, project, agent)) != null;
  }

  boolean isEmpty() {
    return entries.asMap().isEmpty();
  }

  long hits() {
    return hits.sum();
  }

  long misses() {
    return misses.sum();
  }

  /// The part of the reads that needed no query; null before the first read.
  @Nullable Double hitRate() {
    long all = hits() + misses();
    return all == 0 ? null : (double) hits() / all;
  }

  private static String key(UserId user, ProjectId project, AgentId agent) {
    return "user%s:project%s:agent:%s:config".formatted(user, project, agent);
  }
}
