package dev.artel.agent;

import dev.artel.db.Db;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.UserId;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes from the cache what other processes changed or deleted, by following the log. Looks twice
/// a second while anything is cached, at an index of such changes alone. Late news are harmless: a
/// task names the version it runs with.
final class Freshness implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Freshness.class);
  static final Duration TICK = Duration.ofMillis(500);

  /// Longer than a transaction takes from the time that its events carry to its commit.
  private static final int LOOK_BACK_SECONDS = 10;

  private final Db db;
  private final ConfigCache cache;
  private final Thread thread = Thread.ofVirtual().name("agent-cache").unstarted(this::run);
  private Set<UUID> seen = Set.of();
  private volatile boolean closed;

  Freshness(Db db, ConfigCache cache) {
    this.db = db;
    this.cache = cache;
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!closed) {
        Thread.sleep(TICK);
        try {
          runOnce();
        } catch (RuntimeException failure) {
          if (!closed) {
            log.warn("changes of agents were not seen; the next look does: {}", failure.toString());
          }
        }
      }
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  private record News(UUID event, UserId user, ProjectId project, @Nullable AgentId agent) {}

  void runOnce() {
    if (cache.isEmpty()) {
      return;
    }
    List<News> lately = lately();
    var told = new HashSet<UUID>();
    for (News news : lately) {
      told.add(news.event());
      if (seen.contains(news.event())) {
        continue;
      }
      if (news.agent() == null) {
        // The log forgets a deleted agent's id.
        cache.dropAll(news.user(), news.project());
      } else {
        cache.drop(news.user(), news.project(), news.agent());
      }
    }
    seen = told;
  }

  private List<News> lately() {
    return db.dispatch(tx ->
        tx.sql(
                """
                select event_id, user_id, project_id, agent_id
                  from event_logs
                 where event_type in ('agent_updated', 'agent_deleted')
                   and created_at > artel_now() - :seconds * interval '1 second'
                """)
            .param("seconds", LOOK_BACK_SECONDS)
            .query((row, _) -> {
              UUID agent = row.getObject("agent_id", UUID.class);
              return new News(
                  row.getObject("event_id", UUID.class),
                  new UserId(row.getObject("user_id", UUID.class)),
                  new ProjectId(row.getObject("project_id", UUID.class)),
                  agent == null ? null : new AgentId(agent));
            })
            .list());
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
