package dev.artel.identity;

import dev.artel.base.Ids;
import dev.artel.db.Db;
import dev.artel.db.Tx;
import dev.artel.protocol.UserId;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/// Signs people in where Artel holds the signing key: a one-time code for a first pair of tokens, a
/// refresh token for the next.
final class SignIn {
  static final Duration CODE_LIFE = Duration.ofMinutes(10);
  static final Duration ACCESS_LIFE = Duration.ofMinutes(15);
  static final Duration REFRESH_LIFE = Duration.ofDays(30);

  private final Db db;
  private final Ids ids;
  private final TokenMint mint;

  SignIn(Db db, Ids ids, TokenMint mint) {
    this.db = db;
    this.ids = ids;
    this.mint = mint;
  }

  record Session(UserId user, Set<String> scopes, String accessToken, String refreshToken) {
    @Override
    public String toString() {
      return "Session[user=" + user + "]";
    }
  }

  String newCode(UserId user) {
    String code = Hash.newSecret();
    db.unbound(tx -> {
      SignInStore.addCode(tx, user, Hash.of(code), CODE_LIFE);
      return true;
    });
    return code;
  }

  /// @throws dev.artel.base.Fault when the code is unknown, used or expired
  Session byCode(String code) {
    return db.unbound(tx ->
            SignInStore.ownerOfCode(tx, Hash.of(code))
                .flatMap(owner -> {
                  UserStore.lock(tx, owner);
                  return SignInStore.useCode(tx, Hash.of(code));
                })
                .map(user -> new SignInStore.Grant(user, ids.next(), Set.of()))
                .map(grant -> session(grant, tx)))
        .orElseThrow(Refusal.CODE::fault);
  }

  /// Exchanges the token for a new pair. A token that comes a second time was copied by someone,
  /// and nobody can tell by whom: everything that grew from it ends.
  ///
  /// @throws dev.artel.base.Fault when the token is unknown, used or expired
  Session byRefreshToken(String token) {
    Optional<Session> session =
        db.unbound(tx -> {
          // Under the user's lock: a revocation either sees the new token or is seen here.
          SignInStore.ownerOfRefreshToken(tx, Hash.of(token))
              .ifPresent(owner -> UserStore.lock(tx, owner));
          Optional<SignInStore.Grant> grant = SignInStore.useRefreshToken(tx, Hash.of(token));
          if (grant.isEmpty()) {
            SignInStore.endFamily(tx, Hash.of(token));
          }
          return grant.map(granted -> session(granted, tx));
        });
    return session.orElseThrow(Refusal.CODE::fault);
  }

  /// @throws dev.artel.base.Fault when the token is unknown
  void out(String token) {
    boolean known = db.unbound(tx -> SignInStore.endFamily(tx, Hash.of(token)));
    if (!known) {
      throw Refusal.CODE.fault();
    }
  }

  private Session session(SignInStore.Grant grant, Tx tx) {
    String refresh = Hash.newSecret();
    SignInStore.addRefreshToken(tx, grant, Hash.of(refresh), REFRESH_LIFE);
    return new Session(
        grant.user(),
        grant.scopes(),
        mint.mint(grant.user(), Set.of(), grant.scopes(), ACCESS_LIFE),
        refresh);
  }
}
