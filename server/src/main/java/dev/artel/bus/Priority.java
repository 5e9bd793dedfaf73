package dev.artel.bus;

/// How soon a task is taken up among those of its agent.
public enum Priority {
  NORMAL(0),
  /// To the head of the queue, and started even by a process that is overloaded.
  HIGH(1);

  private final int level;

  Priority(int level) {
    this.level = level;
  }

  int level() {
    return level;
  }
}
