package dev.artel.identity;

import dev.artel.base.Ids;
import dev.artel.db.Db;
import dev.artel.protocol.UserId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Who people are and whether their tokens still count. Blocks the calling thread; safe for use by
/// many.
public final class Identity {
  private final Db db;
  private final Ids ids;
  private final Revocations revocations;

  Identity(Db db, Ids ids, Revocations revocations) {
    this.db = db;
    this.ids = ids;
    this.revocations = revocations;
  }

  /// Ends one token, on every node within a second.
  ///
  /// @param expiresAt when the token would have ended anyway; null when it is not known
  public void revokeToken(String tokenId, @Nullable Instant expiresAt) {
    db.unbound(tx -> {
      UserStore.revokeToken(tx, ids.next(), tokenId, expiresAt);
      return true;
    });
    revocations.learn(new Revocation.OfToken(tokenId));
  }

  /// Ends every token of the user that was issued until now, on every node within a second.
  public void revokeAll(UserId user) {
    revocations.learn(db.unbound(tx -> UserStore.revokeUser(tx, ids.next(), user)));
  }

  /// Removes the user and everything of theirs, and ends their tokens and streams. What they held
  /// never opens anything again and never makes them anew.
  public void delete(UserId user) {
    // First, so that nothing of theirs goes on while their rows go.
    revokeAll(user);
    db.does(
        user,
        tx -> {
          UserStore.lock(tx, user);
          UserStore.delete(tx, user);
        });
  }
}
