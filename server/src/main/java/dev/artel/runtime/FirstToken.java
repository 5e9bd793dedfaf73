package dev.artel.runtime;

import dev.artel.bus.ClaimLost;
import dev.artel.db.Db;
import dev.artel.db.Tx;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The note of one run that its answer begins. It is written on a thread of its own, so that the
/// answer does not wait for the disk; an answer that ends first takes the note along.
final class FirstToken {
  private static final Logger log = LoggerFactory.getLogger(FirstToken.class);

  /// So short that nobody misses the note, and long enough for an answer that comes in one piece.
  private static final long PATIENCE_MILLIS = 25;

  private final Db.Act note;
  private final Consumer<Db.Act> transaction;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable FutureTask<Boolean> writing;
  private volatile boolean left;

  /// @param note writes it
  /// @param transaction runs what writes it, under the claim
  FirstToken(Db.Act note, Consumer<Db.Act> transaction) {
    this.note = note;
    this.transaction = transaction;
  }

  /// A token came; only the first counts. Returns at once. For the model's thread.
  ///
  /// @param lost called when the claim turns out to be lost: whatever the model still says is
  ///   nobody's
  void came(Runnable lost) {
    if (writing == null) {
      var write = new FutureTask<>(() -> write(lost));
      writing = write;
      Thread.ofVirtual().name("first-token").start(write);
    }
  }

  private boolean write(Runnable lost) throws InterruptedException {
    if (ended.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
      return false;
    }
    try {
      transaction.accept(note);
      return true;
    } catch (ClaimLost | Error end) {
      lost.run();
      throw end;
    } catch (RuntimeException failure) {
      log.info("the first token was not noted; the end notes it: {}", failure.toString());
      return false;
    }
  }

  /// The answer has ended. Blocks while the note is being written.
  ///
  /// @throws ClaimLost when the note found that the claim is lost
  void settle() throws InterruptedException {
    ended.countDown();
    FutureTask<Boolean> write = writing;
    if (write == null) {
      return;
    }
    try {
      left = !write.get();
    } catch (ExecutionException failure) {
      switch (failure.getCause()) {
        case RuntimeException lost -> throw lost;
        case Error end -> throw end;
        case null, default -> throw new IllegalStateException(failure);
      }
    }
  }

  /// Writes the note into the transaction that ends the answer, when it is not written yet.
  void rest(Tx tx) {
    if (left) {
      note.in(tx);
    }
  }
}
