package dev.artel.http;

import java.util.function.Predicate;

/// Learns that tokens have ended before their time. Implemented by whatever goes on acting for a
/// caller after its request was admitted, such as an open stream.
public interface RevocationListener {
  /// Ends whatever goes on for these callers. Comes within a second of the revocation, on every
  /// node, and more than once for each. Must neither block nor throw.
  void ended(Predicate<Caller> whose);
}
