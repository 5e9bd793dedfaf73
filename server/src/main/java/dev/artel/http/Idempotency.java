package dev.artel.http;

import dev.artel.db.Tx;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The key of a POST that may be repeated. A handler that creates or executes takes one as an
/// argument and hands it to the door, which records it in the transaction of the effect, before the
/// effect: of two equal requests one waits there for the other and then does nothing.
public final class Idempotency {
  private static final Idempotency NONE = new Idempotency(null, null);

  private final @Nullable KeyStore store;
  private final @Nullable RepeatKey key;
  private boolean recorded;

  private Idempotency(@Nullable KeyStore store, @Nullable RepeatKey key) {
    this.store = store;
    this.key = key;
  }

  /// Of a request without a key: recording it does nothing.
  public static Idempotency none() {
    return NONE;
  }

  static Idempotency of(KeyStore store, RepeatKey key) {
    return new Idempotency(store, key);
  }

  /// Ties the key to what this transaction makes. Comes first in the transaction: it blocks while
  /// an equal request is between its own record and commit.
  ///
  /// @param resourceType a kind for which there is a `Rebuild`
  public void record(Tx tx, String resourceType, UUID resource) {
    if (store == null || key == null) {
      return;
    }
    if (!store.record(tx, key, resourceType, resource)) {
      throw new Taken();
    }
    // Two tries of one transaction record once each; only the one that commits leaves a row.
    recorded = true;
  }

  /// Whether the request carries a key.
  public boolean isGiven() {
    return key != null;
  }

  @Nullable RepeatKey key() {
    return key;
  }

  boolean recorded() {
    return recorded;
  }

  /// An equal request has won the race: its effect stands, and its answer is this one's too. Passes
  /// through every layer to the edge.
  static final class Taken extends RuntimeException {
    Taken() {
      super("an equal request was first", null, false, false);
    }
  }
}
