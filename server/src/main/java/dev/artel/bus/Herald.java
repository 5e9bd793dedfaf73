package dev.artel.bus;

import dev.artel.db.Db;
import dev.artel.db.Listening;
import dev.artel.protocol.IdText;
import dev.artel.protocol.TaskId;
import dev.artel.protocol.TaskStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the other processes what happened here, and hears it from them: that there is work, that a
/// task ended, that one is to stop. Ids only, and only while another process lives. What is said
/// within a twentieth of a second goes as one notification, since each takes a lock that all who
/// notify share. Nothing depends on its being heard but how soon it is.
final class Herald implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Herald.class);
  private static final String CHANNEL = "artel_bus";
  private static final Duration PAUSE = Duration.ofMillis(50);

  /// PostgreSQL takes 8 000 bytes; a word of ours has at most 48.
  private static final int WORDS_MAX = 150;

  private static final String WORK = "work";
  private static final String HERE = "here";

  private final Db db;
  private final UUID node;
  private final Ear ear;
  private final Set<String> words = new LinkedHashSet<>();
  private final Semaphore signal = new Semaphore(0);
  private volatile boolean others;
  private volatile boolean closed;
  private @Nullable Thread thread;
  private @Nullable Listening listening;

  /// What is done about what others tell.
  interface Ear {
    void work();

    void ended(TaskId task, TaskStatus status);

    void stop(TaskId task);
  }

  Herald(Db db, UUID node, Ear ear) {
    this.db = db;
    this.node = node;
    this.ear = ear;
  }

  void start() {
    listening = db.listen(CHANNEL, ear::work, this::heard);
    thread = Thread.ofVirtual().name("bus-herald").start(this::speak);
    // Those who lived alone do not look who else does until their next sign of life.
    others = true;
    say(HERE);
  }

  /// Whether another process lives, as was just seen.
  void others(boolean live) {
    others = live;
  }

  boolean others() {
    return others;
  }

  void work() {
    say(WORK);
  }

  void ended(TaskId task, TaskStatus status) {
    say("end:%s:%s".formatted(task, status.word()));
  }

  void stop(TaskId task) {
    say("stop:" + task);
  }

  private void say(String word) {
    if (!others || thread == null) {
      return;
    }
    synchronized (words) {
      words.add(word);
    }
    signal.release();
  }

  private void speak() {
    while (!closed) {
      try {
        signal.acquire();
        signal.drainPermits();
        speakOnce();
        Thread.sleep(PAUSE);
      } catch (InterruptedException _) {
        return;
      } catch (RuntimeException failure) {
        log.warn(
            "telling the other processes failed; their own looks find it: {}", failure.toString());
      }
    }
  }

  private void speakOnce() {
    List<String> batch = next();
    if (batch.isEmpty()) {
      return;
    }
    String text = node + " " + String.join(" ", batch);
    db.dispatch(tx ->
        tx.sql("select pg_notify(:channel, :text)")
            .param("channel", CHANNEL)
            .param("text", text)
            .query((_, _) -> true)
            .single());
  }

  private List<String> next() {
    synchronized (words) {
      var batch = new ArrayList<String>();
      var each = words.iterator();
      while (each.hasNext() && batch.size() < WORDS_MAX) {
        batch.add(each.next());
        each.remove();
      }
      if (each.hasNext()) {
        signal.release();
      }
      return batch;
    }
  }

  private void heard(String text) {
    String[] said = text.split(" ", -1);
    if (said[0].equals(node.toString())) {
      return;
    }
    others = true;
    for (int i = 1; i < said.length; i++) {
      heardWord(said[i].split(":", -1));
    }
  }

  private void heardWord(String[] word) {
    switch (word[0]) {
      case WORK -> ear.work();
      case "end" -> ear.ended(task(word[1]), status(word[2]));
      case "stop" -> ear.stop(task(word[1]));
      // That another process is here is told by whatever it says.
      default -> {}
    }
  }

  private static TaskId task(String text) {
    return new TaskId(IdText.parse(text).orElseThrow());
  }

  private static TaskStatus status(String word) {
    return TaskStatus.valueOf(word.toUpperCase(Locale.ROOT));
  }

  @Override
  public void close() {
    closed = true;
    if (listening != null) {
      listening.close();
    }
    try {
      if (thread != null) {
        thread.interrupt();
        thread.join();
      }
      // What was said last is what the others wait for.
      speakOnce();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException failure) {
      log.info("the other processes find by themselves what is left: {}", failure.toString());
    }
  }
}
