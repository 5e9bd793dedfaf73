package dev.artel.bus;

import java.time.Duration;

/// The bounds of the bus.
///
/// @param queuePerAgent tasks that may wait for one agent
/// @param runningPerNode tasks that one process runs at once
/// @param runningTime what a task may run, waits excluded
/// @param lease how long a claim lasts without renewal
/// @param attemptsMax claims of one task, crashes included
public record BusLimits(
    int queuePerAgent, int runningPerNode, Duration runningTime, Duration lease, int attemptsMax) {
  public static final BusLimits STANDARD =
      new BusLimits(100, 4096, Duration.ofSeconds(600), Duration.ofSeconds(8), 3);
}
