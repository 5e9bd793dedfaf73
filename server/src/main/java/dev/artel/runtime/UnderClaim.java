package dev.artel.runtime;

import dev.artel.bus.Bus;
import dev.artel.bus.Claim;
import dev.artel.db.Db;
import dev.artel.db.Tx;
import dev.artel.protocol.Words;
import org.jspecify.annotations.Nullable;

/// The only way in which a run writes: a transaction that first makes sure that the claim still
/// holds.
///
/// All methods throw [ClaimLost], and have written nothing, when it does not.
final class UnderClaim {
  private final Db db;
  private final Bus bus;
  private final Conversation conversation;
  private final CrashPoint crashes;

  UnderClaim(Db db, Bus bus, Conversation conversation, CrashPoint crashes) {
    this.db = db;
    this.bus = bus;
    this.conversation = conversation;
    this.crashes = crashes;
  }

  /// The transactions of a run.
  enum Write implements Words {
    TAKE_UP,
    FIRST_TOKEN,
    STEP,
    END
  }

  /// Runs the work with the conversation locked too, which comes before the task as with everybody
  /// who changes both.
  <T extends @Nullable Object> T withConversation(Claim claim, Write write, Db.Work<T> work) {
    return run(
        claim,
        write,
        tx -> {
          conversation.hold(tx, claim.user(), Conversation.Run.of(claim));
          bus.hold(tx, claim.user(), claim);
          return work.in(tx);
        });
  }

  /// Runs the act with the task alone locked.
  void alone(Claim claim, Write write, Db.Act act) {
    run(
        claim,
        write,
        tx -> {
          bus.hold(tx, claim.user(), claim);
          act.in(tx);
          return null;
        });
  }

  private <T extends @Nullable Object> T run(Claim claim, Write write, Db.Work<T> work) {
    T result =
        db.as(
            claim.user(),
            (Tx tx) -> {
              T done = work.in(tx);
              tx.beforeCommit(() -> crashes.reached(write.word() + ".committing"));
              return done;
            });
    crashes.reached(write.word() + ".committed");
    return result;
  }
}
