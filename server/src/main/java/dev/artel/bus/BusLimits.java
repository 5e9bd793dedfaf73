package dev.artel.bus;

import java.time.Duration;

/// The bounds of the bus.
///
/// @param queuePerAgent tasks that may wait for one agent
/// @param runningPerNode tasks that one process runs at once
/// @param runningTime what a task may run, waits excluded
/// @param lease how long a claim lasts without renewal; a process that died is noticed within this
///   and a quarter
/// @param attemptsMax claims of one task that may break off
/// @param lookEvery the pause between looks that nothing asked for: a safety net
/// @param leaving what a deregistered agent may still run
/// @param fullFor how long a process is full before it counts as overloaded
public record BusLimits(
    int queuePerAgent,
    int runningPerNode,
    Duration runningTime,
    Duration lease,
    int attemptsMax,
    Duration lookEvery,
    Duration leaving,
    Duration fullFor) {
  public static final BusLimits STANDARD =
      new BusLimits(100, 4096, Duration.ofSeconds(600), Duration.ofSeconds(6), 3);

  /// A queue that is that full is worth a look.
  static final double ALERT_FILL = 0.8;

  /// With the standard pauses.
  public BusLimits(
      int queuePerAgent,
      int runningPerNode,
      Duration runningTime,
      Duration lease,
      int attemptsMax) {
    this(
        queuePerAgent,
        runningPerNode,
        runningTime,
        lease,
        attemptsMax,
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        Duration.ofSeconds(5));
  }

  /// How many waiting tasks of one agent raise the alert.
  int alertAt() {
    return Math.max(1, (int) Math.ceil(queuePerAgent * ALERT_FILL));
  }

  /// Places that only urgent work may take while a process is overloaded.
  int reserve() {
    return Math.max(1, runningPerNode / 16);
  }

  BusLimits lookingEvery(Duration pause) {
    return new BusLimits(
        queuePerAgent, runningPerNode, runningTime, lease, attemptsMax, pause, leaving, fullFor);
  }

  BusLimits leavingWithin(Duration time) {
    return new BusLimits(
        queuePerAgent, runningPerNode, runningTime, lease, attemptsMax, lookEvery, time, fullFor);
  }

  BusLimits overloadedAfter(Duration time) {
    return new BusLimits(
        queuePerAgent, runningPerNode, runningTime, lease, attemptsMax, lookEvery, leaving, time);
  }
}
