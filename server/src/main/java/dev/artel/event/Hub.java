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
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands committed events to the channels of this process, and closes the gaps that out-of-order
/// reports or another node leave. The log is the truth: what a channel misses it reads there.
final class Hub implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Hub.class);
  private static final long GAP_WAIT_MILLIS = 50;
  private static final long POLL_SECONDS = 5;
  private static final int FILL_PAGE = 1000;

  private final Db db;
  private final EventStore store;
  private final StreamLimits limits;
  private final StreamMeters meters;
  private final Map<Key, Channel> channels = new ConcurrentHashMap<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("event-hub").factory());

  /// Names a channel: never without the user.
  private record Key(UserId user, ProjectId project) {}

  Hub(Db db, EventStore store, StreamLimits limits, StreamMeters meters) {
    this.db = db;
    this.store = store;
    this.limits = limits;
    this.meters = meters;
  }

  void start(boolean polling) {
    var _ = timer.scheduleWithFixedDelay(this::sweep, 1, 1, TimeUnit.SECONDS);
    if (polling) {
      var _ =
          timer.scheduleWithFixedDelay(
              guarded("poll", this::poll), POLL_SECONDS, POLL_SECONDS, TimeUnit.SECONDS);
    }
  }

  /// Called after the commit, on its thread.
  void publish(UserId user, ProjectId project, List<Line> lines) {
    Channel channel = channel(user, project);
    if (channel.publish(lines, System.nanoTime())) {
      var _ =
          timer.schedule(
              guarded("fill", () -> fill(channel)), GAP_WAIT_MILLIS, TimeUnit.MILLISECONDS);
    }
    meters.published(lines.size());
  }

  Channel channel(UserId user, ProjectId project) {
    return channels.computeIfAbsent(
        new Key(user, project), _ -> new Channel(user, project, System.nanoTime()));
  }

  void live(UserId user, ProjectId project, SessionId session, Line line) {
    Channel channel = channels.get(new Key(user, project));
    if (channel != null) {
      channel.live(line, session);
    }
  }

  boolean listening(UserId user, ProjectId project, SessionId session) {
    Channel channel = channels.get(new Key(user, project));
    return channel != null && channel.listening(session);
  }

  List<Channel> channels() {
    return List.copyOf(channels.values());
  }

  int count() {
    return channels.size();
  }

  private void fill(Channel channel) {
    long[] gap = channel.gap();
    if (gap != null) {
      fill(channel, gap[0], gap[1]);
    }
  }

  /// Reads what lies between two numbers, both exclusive, and lets the channel go on behind it.
  private void fill(Channel channel, long after, long before) {
    long from = after;
    while (true) {
      long start = from;
      List<Line> lines =
          db.read(
              channel.user,
              tx ->
                  store.page(
                      tx, channel.user, channel.project, null, start, before - 1, FILL_PAGE));
      boolean more = lines.size() == FILL_PAGE;
      long upTo = more ? lines.getLast().projectSeq() + 1 : before;
      channel.fill(upTo, lines);
      if (!more) {
        return;
      }
      from = lines.getLast().projectSeq();
    }
  }

  /// The safety net: asks the log for the newest number of every project that was written to lately
  /// and compares it with what the channels have seen.
  private void poll() {
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
        fill(channel, channel.last(), project.number() + 1);
      }
    }
  }

  private void sweep() {
    try {
      long now = System.nanoTime();
      for (Channel channel : channels()) {
        channel.cutStuck(now);
      }
      long keep = limits.hotTtl().toNanos();
      channels.values().removeIf(channel -> channel.idle(now, keep));
    } catch (RuntimeException failure) {
      log.error("sweeping the streams failed; it is tried again in a second", failure);
    }
  }

  private static Runnable guarded(String what, Runnable act) {
    return () -> {
      try {
        act.run();
      } catch (RuntimeException failure) {
        log.warn(
            "{} of the event hub failed; the next round repeats it: {}", what, failure.toString());
      }
    };
  }

  List<Reader> readers() {
    var all = new ArrayList<Reader>();
    channels().forEach(channel -> channel.eachReader(all::add));
    return all;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
