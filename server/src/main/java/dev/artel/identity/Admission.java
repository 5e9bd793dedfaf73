package dev.artel.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.artel.db.Db;
import dev.artel.http.Caller;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;

/// Turns a token into a caller: checks it, looks whether it was revoked, and makes the user's row
/// at first sight. A token that passed is known by its hash and passes again without work, until it
/// expires or is revoked.
final class Admission {
  private static final int KNOWN_MAX = 100_000;

  /// After this long everything is looked at anew, the issuer's keys included.
  static final Duration KNOWN_FOR = Duration.ofMinutes(10);

  private final Cache<String, Caller> known =
      Caffeine.newBuilder().maximumSize(KNOWN_MAX).expireAfterWrite(KNOWN_FOR).build();
  private final TokenCheck check;
  private final Revocations revocations;
  private final Db db;
  private final Duration skew;
  private final Clock clock;

  Admission(TokenCheck check, Revocations revocations, Db db, Duration skew, Clock clock) {
    this.check = check;
    this.revocations = revocations;
    this.db = db;
    this.skew = skew;
    this.clock = clock;
  }

  /// @throws dev.artel.base.Fault with the reason when the token is not to be believed
  Caller admit(String token) {
    if (token.length() > TokenCheck.TOKEN_CHARS_MAX) {
      throw Refusal.MALFORMED.fault();
    }
    String hash = HexFormat.of().formatHex(Hash.of(token));
    Caller caller = known.getIfPresent(hash);
    if (caller == null) {
      caller = check.check(token);
      enter(caller);
      known.put(hash, caller);
    } else if (!clock.instant().isBefore(caller.expiresAt().plus(skew))) {
      known.invalidate(hash);
      throw Refusal.EXPIRED.fault();
    }
    // Also for a token that was just entered: it may have been revoked in between.
    if (revocations.ended(caller)) {
      known.invalidate(hash);
      throw Refusal.REVOKED.fault();
    }
    return caller;
  }

  private void enter(Caller caller) {
    boolean revoked =
        db.as(
            caller.user(),
            tx -> {
              UserStore.lock(tx, caller.user());
              if (UserStore.revoked(tx, caller.user(), caller)) {
                return true;
              }
              UserStore.provision(tx, caller.user());
              return false;
            });
    if (revoked) {
      throw Refusal.REVOKED.fault();
    }
  }
}
