package dev.artel.identity;

import dev.artel.http.Caller;
import dev.artel.protocol.UserId;
import java.time.Instant;
import java.util.function.Predicate;

/// What ends tokens before their time: one token by its id, or all of a user's that were issued
/// before a moment.
sealed interface Revocation extends Predicate<Caller> {
  record OfToken(String tokenId) implements Revocation {
    @Override
    public boolean test(Caller caller) {
      return tokenId.equals(caller.tokenId());
    }
  }

  record OfUser(UserId user, Instant issuedBefore) implements Revocation {
    /// A token that does not say when it was issued cannot prove that it is younger.
    @Override
    public boolean test(Caller caller) {
      Instant issued = caller.issuedAt();
      return user.equals(caller.user()) && (issued == null || issued.isBefore(issuedBefore));
    }
  }
}
