package dev.artel.bus;

import dev.artel.protocol.UserId;
import java.util.LinkedHashSet;
import java.util.List;

/// Whom this process served last, so that users with equally much running take turns. What was long
/// ago is forgotten. Used by the dispatcher's thread alone.
final class Served {
  private static final int REMEMBERED = 256;

  private final LinkedHashSet<UserId> users = new LinkedHashSet<>();

  void add(UserId user) {
    users.remove(user);
    users.add(user);
    if (users.size() > REMEMBERED) {
      users.removeFirst();
    }
  }

  /// The one served longest ago first.
  List<UserId> inOrder() {
    return List.copyOf(users);
  }
}
