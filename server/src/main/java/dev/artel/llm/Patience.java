package dev.artel.llm;

import java.time.Duration;

/// How long an attempt still waits: to the first token, then from token to token. Bytes that carry
/// no token (comments, pings) do not renew it, or a provider could keep a call alive for ever. It
/// runs on the JVM's monotonic time, because it bounds real sockets. Confined to the calling
/// thread.
final class Patience {
  private final long idleNanos;
  private long deadline;
  private boolean started;

  Patience(Duration firstToken, Duration idle) {
    this.idleNanos = idle.toNanos();
    this.deadline = System.nanoTime() + firstToken.toNanos();
  }

  void token() {
    started = true;
    deadline = System.nanoTime() + idleNanos;
  }

  boolean started() {
    return started;
  }

  long leftNanos() {
    return deadline - System.nanoTime();
  }
}
