package dev.artel.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.artel.http.Caller;
import dev.artel.protocol.CloseReason;
import dev.artel.protocol.Event;
import dev.artel.protocol.EventId;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.UserId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Readers join a log that is being written, while commits are reported late and in any order. The
/// log is a list in memory here, so that thousands of races are run; each by a seed, which the
/// failure names.
final class JoinTest {
  private static final int SEEDS = 150;
  private static final int EVENTS = 300;
  private static final int READERS = 4;

  private final UserId user = new UserId(new UUID(1, 1));
  private final ProjectId project = new ProjectId(new UUID(1, 2));
  private final SessionId session = new SessionId(new UUID(1, 3));
  private final SessionId other = new SessionId(new UUID(1, 4));

  @Test
  void every_reader_gets_what_follows_its_position_once_and_in_order() throws Exception {
    for (long seed = 1; seed <= SEEDS; seed++) {
      new Race(seed).run();
    }
  }

  /// One log, its writer, two reporters and some readers.
  private final class Race implements Reader.Source {
    private final long seed;
    private final Random random;
    private final List<Line> log = new CopyOnWriteArrayList<>();
    private final Channel channel;
    private final StreamLimits limits;
    private final List<Follower> followers = Collections.synchronizedList(new ArrayList<>());

    Race(long seed) {
      this.seed = seed;
      this.random = new Random(seed);
      // A small buffer and a small lag, so that all ways to the log are taken.
      limits =
          new StreamLimits(
              Duration.ofHours(1),
              100,
              100,
              Duration.ofHours(1),
              Duration.ZERO,
              1 + random.nextInt(40),
              Duration.ofHours(1),
              1_000_000,
              1L << 40);
      channel = new Channel(user, project, limits);
    }

    void run() throws Exception {
      var unreported = new LinkedBlockingQueue<Line>();
      Thread writer = Thread.ofPlatform().start(() -> write(unreported, new Random(seed)));
      var reporters =
          List.of(
              Thread.ofPlatform().start(() -> report(unreported, new Random(seed + 1))),
              Thread.ofPlatform().start(() -> report(unreported, new Random(seed + 2))));
      for (int i = 0; i < READERS; i++) {
        spin(random.nextInt(2_000));
        follow(random.nextBoolean() ? session : null, random);
      }
      writer.join();
      for (Thread reporter : reporters) {
        reporter.join();
      }
      for (Follower follower : followers) {
        await().pollInterval(Duration.ofMillis(1)).until(() -> !follower.sink.text().isEmpty());
        List<String> expected =
            log.stream()
                .filter(line -> line.projectSeq() > follower.after())
                .filter(line -> follower.session == null || follower.session.equals(line.session()))
                .map(line -> String.valueOf(line.id()))
                .toList();
        await()
            .alias("seed " + seed)
            .pollInterval(Duration.ofMillis(1))
            .until(() -> follower.sink.ids().size() >= expected.size());
        follower.reader.end(new Event.SessionClosed(CloseReason.SHUTDOWN, 1));
        follower.thread.join();
        assertThat(follower.sink.ids()).as("seed %d", seed).isEqualTo(expected);
      }
    }

    private void write(LinkedBlockingQueue<Line> unreported, Random dice) {
      for (long n = 1; n <= EVENTS; n++) {
        Line line = line(n, dice.nextInt(3) == 0 ? other : session);
        log.add(line);
        unreported.add(line);
        spin(dice.nextInt(50));
      }
    }

    /// Takes a few, reports them backwards, and sometimes one at a time.
    private void report(LinkedBlockingQueue<Line> unreported, Random dice) {
      while (channel.last() < EVENTS) {
        var few = new ArrayList<Line>();
        unreported.drainTo(few, 1 + dice.nextInt(7));
        Collections.shuffle(few, dice);
        spin(dice.nextInt(100));
        if (dice.nextBoolean() && !few.isEmpty()) {
          channel.publish(few);
        } else {
          few.forEach(line -> channel.publish(List.of(line)));
        }
        if (few.isEmpty() && log.size() == EVENTS && unreported.isEmpty()) {
          fillGap();
        }
      }
    }

    /// As the hub does when nobody reports what is missing.
    private void fillGap() {
      channel.fill(
          EVENTS + 1, log.stream().filter(line -> line.projectSeq() > channel.last()).toList());
    }

    private void follow(@Nullable SessionId of, Random dice) {
      int held = log.size();
      StreamRequest.Resume resume =
          held == 0 || dice.nextInt(3) == 0
              ? new StreamRequest.Resume.Live()
              : new StreamRequest.Resume.After(idOf(log.get(dice.nextInt(held))));
      var follower = new Follower(of, resume);
      followers.add(follower);
      follower.start();
    }

    private final class Follower {
      private final @Nullable SessionId session;
      private final StreamRequest.Resume resume;
      private final MemorySink sink = new MemorySink();
      private final Thread thread;
      private final LinkedBlockingQueue<Reader> joined = new LinkedBlockingQueue<>();
      private Reader reader;

      @SuppressWarnings("NullAway.Init")
      Follower(@Nullable SessionId session, StreamRequest.Resume resume) {
        this.session = session;
        this.resume = resume;
        this.thread = Thread.ofVirtual().unstarted(this::run);
      }

      void start() {
        thread.start();
        try {
          reader = joined.take();
        } catch (InterruptedException interrupted) {
          throw new IllegalStateException(interrupted);
        }
      }

      private void run() {
        var request =
            new StreamRequest(
                user,
                project,
                session,
                Format.NDJSON,
                resume,
                null,
                false,
                false,
                new Caller(user, Set.of(), Set.of(), null, null, Instant.MAX),
                () -> true,
                null,
                "");
        var own =
            new Reader(
                request, sink, Race.this, limits, new StreamMeters(new SimpleMeterRegistry()));
        channel.join(own, log::size);
        joined.add(own);
        own.run();
      }

      long after() {
        return switch (resume) {
          case StreamRequest.Resume.After(EventId event) -> numberOf(event);
          // Where it began is told by its first heartbeat.
          case StreamRequest.Resume.Live _ -> {
            var position = sink.lines().getFirst().get("payload").get("position");
            yield position.isNull()
                ? 0
                : numberOf(new EventId(UUID.fromString(position.stringValue())));
          }
          case StreamRequest.Resume.Since _ -> throw new IllegalStateException("not used here");
        };
      }
    }

    @Override
    public Start start(StreamRequest request, long upTo, @Nullable EventId upToId) {
      return switch (request.resume()) {
        case StreamRequest.Resume.After(EventId event) -> {
          Channel.Recent recent = channel.recent(request.session(), event, upTo);
          yield recent != null
              ? new Start(recent.number(), event, null, recent.lines())
              : new Start(numberOf(event), event, null, null);
        }
        case StreamRequest.Resume.Live _ ->
            new Start(upTo, upTo == 0 ? null : idOf(log.get((int) upTo - 1)), null, null);
        case StreamRequest.Resume.Since _ -> throw new IllegalStateException("not used here");
      };
    }

    @Override
    public List<Line> page(StreamRequest request, long after, long upTo, int limit) {
      return log.stream()
          .filter(line -> line.projectSeq() > after && line.projectSeq() <= upTo)
          .filter(line -> request.session() == null || request.session().equals(line.session()))
          .limit(limit)
          .toList();
    }

    @Override
    public List<Event.Live> snapshots(StreamRequest request) {
      return List.of();
    }

    @Override
    public void rejoin(Reader reader) {
      channel.rejoin(reader);
    }

    @Override
    public Instant now() {
      return Instant.EPOCH;
    }

    private long numberOf(EventId event) {
      return log.stream()
          .filter(line -> event.equals(line.id()))
          .mapToLong(Line::projectSeq)
          .findFirst()
          .orElseThrow();
    }
  }

  private Line line(long number, SessionId in) {
    return Encoder.logged(
        new Encoder.Envelope(
            new EventId(new UUID(2, number)),
            "session_updated",
            user,
            project,
            in,
            null,
            number,
            number,
            Instant.EPOCH,
            "{}"));
  }

  private static EventId idOf(Line line) {
    return Objects.requireNonNull(line.id());
  }

  private static void spin(int times) {
    for (int i = 0; i < times; i++) {
      Thread.onSpinWait();
    }
  }
}
