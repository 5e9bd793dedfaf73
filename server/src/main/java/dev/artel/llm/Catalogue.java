package dev.artel.llm;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What each provider last said of itself. Many callers at once ask a provider once; an answer is
/// good for a minute, a failure for ten seconds.
final class Catalogue {
  private static final Duration GOOD_FOR = Duration.ofSeconds(60);
  private static final Duration FAILURE_GOOD_FOR = Duration.ofSeconds(10);

  private record Known(Provider.Listing listing, Instant until) {}

  private static final class Slot {
    final ReentrantLock asking = new ReentrantLock();
    volatile @Nullable Known known;
  }

  private final Clock clock;
  private final Map<String, Slot> slots = new ConcurrentHashMap<>();

  Catalogue(Clock clock) {
    this.clock = clock;
  }

  /// Blocks for at most the provider's own limit.
  Provider.Listing of(Provider provider) {
    Slot slot = slots.computeIfAbsent(provider.id(), _ -> new Slot());
    slot.asking.lock();
    try {
      Known known = slot.known;
      if (known != null && clock.instant().isBefore(known.until())) {
        return known.listing();
      }
      Provider.Listing listing = provider.list();
      Duration good = listing.errorType() == null ? GOOD_FOR : FAILURE_GOOD_FOR;
      slot.known = new Known(listing, clock.instant().plus(good));
      return listing;
    } finally {
      slot.asking.unlock();
    }
  }

  /// The price that a provider listed for a model when it was last asked; asks nobody.
  PriceTable.@Nullable Price listedPrice(Provider provider, String model) {
    Slot slot = slots.get(provider.id());
    Known known = slot == null ? null : slot.known;
    if (known == null) {
      return null;
    }
    for (ModelInfo info : known.listing().models()) {
      if (info.name().equals(model) && info.priceIn() != null && info.priceOut() != null) {
        return new PriceTable.Price(info.priceIn(), info.priceOut(), null, info.contextTokens());
      }
    }
    return null;
  }
}
