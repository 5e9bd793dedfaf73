package dev.artel.runtime;

import dev.artel.bus.Claim;
import dev.artel.db.Db;
import dev.artel.event.Opening;
import dev.artel.event.Streams;
import dev.artel.protocol.DeltaKind;
import dev.artel.protocol.Event;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.UserId;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The answers that grow in this process: tells their pieces to those who listen and keeps drafts,
/// so that a reload finds the text so far.
final class Answers implements Opening, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Answers.class);
  private static final long TICK_MILLIS = 50;

  private final Db db;
  private final Supplier<Streams> streams;
  private final Supplier<Conversation> conversation;
  private final Map<TaskId, Growing> growing = new ConcurrentHashMap<>();
  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("answer-ticker").factory());

  /// @param streams asked late: streams open with what is told here
  /// @param conversation asked late: chat shows what grows here
  Answers(Db db, Supplier<Streams> streams, Supplier<Conversation> conversation) {
    this.db = db;
    this.streams = streams;
    this.conversation = conversation;
  }

  void start() {
    var _ =
        ticker.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  Growing begin(Claim claim, Conversation.Turn turn, String agentName) {
    var answer = new Growing(claim, turn, agentName);
    growing.put(claim.task(), answer);
    return answer;
  }

  void add(Growing answer, DeltaKind kind, String piece) {
    answer.add(kind, piece);
    tell(answer, Growing::due);
  }

  /// Tells what is left; the answer stays visible until it is stored.
  void complete(Growing answer) {
    tell(answer, Growing::rest);
  }

  void end(Growing answer) {
    growing.remove(answer.claim.task(), answer);
  }

  /// Pieces leave in order: whoever takes them off the answer also hands them on.
  private void tell(Growing answer, BiFunction<Growing, Long, List<Event.Live>> pieces) {
    UserId user = answer.claim.user();
    ProjectId project = answer.claim.project();
    SessionId session = answer.turn.session();
    synchronized (answer) {
      List<Event.Live> deltas = pieces.apply(answer, System.nanoTime());
      if (!deltas.isEmpty() && streams.get().listening(user, project, session)) {
        deltas.forEach(delta -> streams.get().live(user, project, session, delta));
      }
    }
  }

  private void tick() {
    long now = System.nanoTime();
    for (Growing answer : growing.values()) {
      try {
        tell(answer, Growing::due);
        if (answer.draftDue(now)) {
          Thread.ofVirtual().name("draft").start(() -> keepDraft(answer));
        }
      } catch (RuntimeException failure) {
        log.warn(
            "telling a growing answer failed; the next tick repeats it: {}", failure.toString());
      }
    }
  }

  private void keepDraft(Growing answer) {
    try {
      db.does(
          answer.claim.user(),
          tx -> {
            if (growing.get(answer.claim.task()) == answer) {
              conversation
                  .get()
                  .draft(
                      tx,
                      answer.claim.user(),
                      Conversation.Run.of(answer.claim),
                      answer.turn,
                      answer.text(),
                      answer.thinking());
            }
          });
    } catch (RuntimeException failure) {
      log.debug("a draft was not kept; the next second tries again", failure);
    }
  }

  @Override
  public List<Event.Live> snapshots(UserId user, ProjectId project, @Nullable SessionId session) {
    return growing.values().stream()
        .filter(answer -> answer.claim.user().equals(user))
        .filter(answer -> answer.claim.project().equals(project))
        .filter(answer -> session == null || session.equals(answer.turn.session()))
        .sorted(Comparator.comparing(answer -> answer.turn.answer().value()))
        .flatMap(answer -> answer.snapshot().stream())
        .toList();
  }

  /// The answer of that task, while it grows in this process.
  Optional<Growing> growing(UserId user, TaskId task) {
    return Optional.ofNullable(growing.get(task))
        .filter(answer -> answer.claim.user().equals(user));
  }

  @Override
  public void close() {
    ticker.shutdownNow();
  }
}
