package dev.artel.event;

import dev.artel.protocol.CloseReason;
import dev.artel.protocol.Event;

/// The last lines by which a connection itself ends its stream.
final class Farewell {
  static final Event.Connection TASK_ENDED = new Event.SessionClosed(CloseReason.TASK_ENDED, null);
  static final Event.Connection TOO_OLD = new Event.SessionClosed(CloseReason.MAX_AGE, 1);
  static final Event.Connection TOKEN_EXPIRED =
      new Event.ConnectionError(
          "Token expired", "token_expired", "The token expired; reconnect with a new one.");
  static final Event.Connection TOO_SLOW =
      new Event.ConnectionError(
          "Too slow",
          "slow_consumer",
          "This connection fell too far behind; reconnect with the last position.");
  static final Event.Connection BROKEN =
      new Event.ConnectionError(
          "Internal error",
          "internal",
          "The stream broke; reconnect with the last position, nothing is lost.");

  private Farewell() {}
}
