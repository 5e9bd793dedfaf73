package dev.artel.event;

/// A number that only grows, and that others wait for.
final class Progress {
  private int reached;

  synchronized void add(int n) {
    reached += n;
    notifyAll();
  }

  synchronized int reached() {
    return reached;
  }

  synchronized void await(int wanted) throws InterruptedException {
    while (reached < wanted) {
      wait();
    }
  }
}
