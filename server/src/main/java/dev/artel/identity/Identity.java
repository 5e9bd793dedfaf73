package dev.artel.identity;

import dev.artel.base.Ids;
import dev.artel.db.Db;
import dev.artel.protocol.UserId;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Who people are and whether their tokens still count. Blocks the calling thread; safe for use by
/// many.
public final class Identity {
  private final Db db;
  private final Ids ids;
  private final Revocations revocations;
  private final IdentitySettings settings;
  private final @Nullable SignIn signIn;

  Identity(
      Db db, Ids ids, Revocations revocations, IdentitySettings settings, @Nullable SignIn signIn) {
    this.db = db;
    this.ids = ids;
    this.revocations = revocations;
    this.settings = settings;
    this.signIn = signIn;
  }

  /// The address that signs the local user in, once and within ten minutes. The code stands in the
  /// fragment, which browsers send to nobody. Empty where people do not sign in by a link.
  ///
  /// @param app the address of the user interface
  public Optional<URI> link(URI app) {
    return settings.local() && signIn != null
        ? Optional.of(app.resolve("#code=" + signIn.newCode(LocalFiles.user(settings.home()))))
        : Optional.empty();
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
