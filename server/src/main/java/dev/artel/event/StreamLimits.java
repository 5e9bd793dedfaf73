package dev.artel.event;

import java.time.Duration;

/// The bounds of streams. Each has an answer when it is reached: refuse, cut, or end with a hint.
///
/// @param heartbeat how often an idle connection hears a sign of life
/// @param connectionsPerUser how many streams a user may have open
/// @param connectionsPerSession how many of them on one session
/// @param undrained how long a client may leave a write unread
/// @param maxAge how long a connection may last; zero: for ever
/// @param hotLines how many of the newest lines are kept for nobody, of each session and each feed
/// @param hotTtl how long they are kept
/// @param lagLines how far a live connection may fall behind, in lines
/// @param lagBytes the same in bytes
public record StreamLimits(
    Duration heartbeat,
    int connectionsPerUser,
    int connectionsPerSession,
    Duration undrained,
    Duration maxAge,
    int hotLines,
    Duration hotTtl,
    int lagLines,
    long lagBytes) {
  public static final StreamLimits STANDARD =
      new StreamLimits(
          Duration.ofSeconds(30),
          1000,
          1000,
          Duration.ofSeconds(300),
          Duration.ZERO,
          100,
          Duration.ofSeconds(300),
          1000,
          1 << 20);
}
