package dev.artel.event;

import dev.artel.db.Db;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands committed events to the channels of this process, and closes the gaps that out-of-order
/// reports or another node leave. The log is the truth: what a channel misses it reads there.
final class Hub implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Hub.class);
  private static final long GAP_WAIT_MILLIS = 50;
  private static final long GAP_RETRY_MILLIS = 1_000;
  private static final long SWEEP_MILLIS = 500;
  private static final long POLL_MILLIS = 5_000;
  private static final int BATCH = 100;

  private final Db db;
  private final EventStore store;
  private final StreamLimits limits;
  private final Map<Key, Channel> channels = new ConcurrentHashMap<>();

  /// Cuts and lets go; never waits for the database, or a slow one would keep it from cutting.
  private final ScheduledExecutorService sweeper = timer("event-sweeper");

  private final ScheduledExecutorService logReader = timer("event-log-reader");

  /// Names a channel: never without the user.
  private record Key(UserId user, ProjectId project) {}

  Hub(Db db, EventStore store, StreamLimits limits) {
    this.db = db;
    this.store = store;
    this.limits = limits;
  }

  private static ScheduledExecutorService timer(String name) {
    return Executors.newSingleThreadScheduledExecutor(
        Thread.ofPlatform().daemon().name(name).factory());
  }

  /// @param polling without it, what other nodes write goes unnoticed
  void start(boolean polling) {
    var _ =
        sweeper.scheduleWithFixedDelay(
            this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    if (polling) {
      var _ =
          logReader.scheduleWithFixedDelay(
              this::pollOnce, POLL_MILLIS, POLL_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /// Called after the commit, on its thread.
  void publish(UserId user, ProjectId project, List<Line> lines) {
    Channel channel =
        channels.computeIfAbsent(new Key(user, project), _ -> new Channel(user, project, limits));
    if (channel.publish(lines)) {
      fillSoon(channel, GAP_WAIT_MILLIS);
    }
  }

  /// Registers the reader with its project's channel, which is made when there is none.
  ///
  /// @return null when the session has as many readers as it may have
  @Nullable Channel join(Reader reader) {
    UserId user = reader.request().user();
    ProjectId project = reader.request().project();
    var key = new Key(user, project);
    while (true) {
      Channel channel = channels.computeIfAbsent(key, _ -> new Channel(user, project, limits));
      switch (channel.join(reader, () -> db.read(user, tx -> store.head(tx, user, project)))) {
        case YES -> {
          // What waited while the head was read may lack a predecessor that nobody reports.
          if (channel.gap() != null) {
            fillSoon(channel, GAP_WAIT_MILLIS);
          }
          return channel;
        }
        case FULL -> {
          return null;
        }
        case RETIRED -> channels.remove(key, channel);
      }
    }
  }

  /// The project's channel, when anybody follows it or might come back.
  @Nullable Channel channel(UserId user, ProjectId project) {
    return channels.get(new Key(user, project));
  }

  void live(UserId user, ProjectId project, SessionId session, Line line) {
    Channel channel = channel(user, project);
    if (channel != null) {
      channel.live(line, session);
    }
  }

  boolean listening(UserId user, ProjectId project, SessionId session) {
    Channel channel = channel(user, project);
    return channel != null && channel.listening(session);
  }

  int count() {
    return channels.size();
  }

  int sessionReadersMax() {
    return channels.values().stream().mapToInt(Channel::sessionReadersMax).max().orElse(0);
  }

  private void fillSoon(Channel channel, long millis) {
    try {
      var _ = logReader.schedule(() -> fillOnce(channel), millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException _) {
      // Closed: the streams have ended, and whoever resumes elsewhere reads the log.
    }
  }

  private void fillOnce(Channel channel) {
    Channel.Gap gap = channel.gap();
    if (gap == null) {
      return;
    }
    try {
      fill(channel, gap);
    } catch (RuntimeException failure) {
      log.warn("a gap was not filled; it is tried again in a second: {}", failure.toString());
      fillSoon(channel, GAP_RETRY_MILLIS);
      return;
    }
    if (channel.gap() != null) {
      fillSoon(channel, GAP_WAIT_MILLIS);
    }
  }

  private void fill(Channel channel, Channel.Gap gap) {
    long after = gap.after();
    while (true) {
      long from = after;
      List<Line> lines =
          db.read(
              channel.user,
              tx ->
                  store.page(
                      tx, channel.user, channel.project, null, from, gap.before() - 1, BATCH));
      boolean more = lines.size() == BATCH;
      channel.fill(more ? lines.getLast().projectSeq() + 1 : gap.before(), lines);
      if (!more) {
        return;
      }
      after = lines.getLast().projectSeq();
    }
  }

  private void pollOnce() {
    try {
      poll();
    } catch (RuntimeException failure) {
      log.warn("the log was not polled; the next round repeats it: {}", failure.toString());
    }
  }

  /// The safety net: asks the log for the newest number of every project that was written to lately
  /// and compares it with what the channels have seen.
  private void poll() {
    if (channels.isEmpty()) {
      return;
    }
    record Newest(Key key, long number) {}
    List<Newest> newest =
        db.dispatch(tx ->
            tx.sql(
                    """
                    select user_id, project_id, max(project_seq) as newest
                      from event_logs
                     where created_at > artel_now() - interval '20 seconds'
                     group by user_id, project_id
                    """)
                .query((row, _) ->
                    new Newest(
                        new Key(
                            new UserId(row.getObject("user_id", UUID.class)),
                            new ProjectId(row.getObject("project_id", UUID.class))),
                        row.getLong("newest")))
                .list());
    for (Newest project : newest) {
      Channel channel = channels.get(project.key());
      if (channel != null && channel.last() >= 0 && channel.last() < project.number()) {
        fill(channel, new Channel.Gap(channel.last(), project.number() + 1));
      }
    }
  }

  private void sweep() {
    try {
      long now = System.nanoTime();
      channels.values().removeIf(channel -> channel.sweep(now));
    } catch (RuntimeException failure) {
      log.error("sweeping the streams failed; the next round repeats it", failure);
    }
  }

  List<Reader> readers() {
    var all = new ArrayList<Reader>();
    channels.values().forEach(channel -> channel.eachReader(all::add));
    return all;
  }

  @Override
  public void close() {
    sweeper.shutdownNow();
    logReader.shutdownNow();
  }
}
