package dev.artel.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.artel.base.Fault;
import dev.artel.db.Db;
import dev.artel.http.Caller;
import dev.artel.http.RevocationListener;
import dev.artel.protocol.ErrorCode;
import dev.artel.protocol.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/// What was revoked lately, on whichever node. The database is asked twice a second; a request that
/// finds the answer older than a second asks again itself, so that a stuck clockwork never lets a
/// revoked token through. Older revocations are found when a token is first seen.
final class Revocations implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Revocations.class);
  private static final Duration PERIOD = Duration.ofMillis(500);
  private static final Duration STALE = Duration.ofMillis(900);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
  private static final Duration SWEEP_PERIOD = Duration.ofHours(1);

  /// A revocation is told again for this long: a stream that was being opened when it came learns
  /// of it too.
  private static final int OVERLAP_SECONDS = 30;

  private final Cache<String, Boolean> tokens = remembered();
  private final Cache<UserId, Instant> users = remembered();
  private final ReentrantLock asking = new ReentrantLock();
  private final Db db;
  private final Supplier<List<RevocationListener>> listeners;
  private volatile long askedNanos;
  private long sweptNanos;
  private final Thread clockwork = Thread.ofVirtual().name("revocations").unstarted(this::run);

  Revocations(Db db, Supplier<List<RevocationListener>> listeners) {
    this.db = db;
    this.listeners = listeners;
    // Due at once.
    this.askedNanos = System.nanoTime() - STALE.toNanos();
    this.sweptNanos = System.nanoTime() - SWEEP_PERIOD.toNanos();
  }

  /// Remembers longer than a verified token is kept, so that none outlives its revocation.
  private static <K, V> Cache<K, V> remembered() {
    return Caffeine.newBuilder().expireAfterWrite(Admission.KNOWN_FOR.multipliedBy(2)).build();
  }

  void start() {
    clockwork.start();
  }

  private void run() {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        ask();
        sweepWhenDue();
      } catch (RuntimeException failure) {
        log.warn("revocations could not be read; asked again in a moment", failure);
      }
      try {
        Thread.sleep(PERIOD);
      } catch (InterruptedException _) {
        return;
      }
    }
  }

  /// Whether the caller's token has ended.
  boolean ended(Caller caller) {
    if (System.nanoTime() - askedNanos > STALE.toNanos()) {
      askUnlessAsked();
    }
    Instant issuedBefore = users.getIfPresent(caller.user());
    return (caller.tokenId() != null && tokens.getIfPresent(caller.tokenId()) != null)
        || (issuedBefore != null
            && new Revocation.OfUser(caller.user(), issuedBefore).test(caller));
  }

  private void askUnlessAsked() {
    asking.lock();
    try {
      if (System.nanoTime() - askedNanos > STALE.toNanos()) {
        ask();
      }
    } finally {
      asking.unlock();
    }
  }

  /// Asks the database once.
  void ask() {
    long begun = System.nanoTime();
    List<Revocation> recent;
    try {
      recent = db.unbound(tx -> UserStore.recent(tx, OVERLAP_SECONDS));
    } catch (DataAccessException failure) {
      throw Fault.of(
              ErrorCode.SERVICE_UNAVAILABLE,
              "The database does not answer; try again in a few seconds.",
              failure)
          .retryAfter(RETRY_AFTER);
    }
    recent.forEach(this::learn);
    askedNanos = begun;
  }

  /// Takes in one revocation, which holds on this node from here on.
  void learn(Revocation revocation) {
    switch (revocation) {
      case Revocation.OfToken token -> tokens.put(token.tokenId(), true);
      case Revocation.OfUser user ->
          users
              .asMap()
              .merge(
                  user.user(),
                  user.issuedBefore(),
                  (one, other) -> one.isAfter(other) ? one : other);
    }
    for (RevocationListener listener : listeners.get()) {
      listener.ended(revocation);
    }
  }

  private void sweepWhenDue() {
    if (System.nanoTime() - sweptNanos >= SWEEP_PERIOD.toNanos()) {
      sweptNanos = System.nanoTime();
      db.dispatch(tx -> {
        UserStore.sweep(tx);
        return true;
      });
    }
  }

  @Override
  public void close() {
    clockwork.interrupt();
  }
}
