package dev.artel.llm;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A listener that remembers.
final class Heard implements ModelListener {
  final List<String> text = new CopyOnWriteArrayList<>();
  final List<String> thinking = new CopyOnWriteArrayList<>();
  private final CountDownLatch first = new CountDownLatch(1);

  @Override
  public void onText(String piece) {
    text.add(piece);
    first.countDown();
  }

  @Override
  public void onThinking(String piece) {
    thinking.add(piece);
  }

  void awaitFirst() throws InterruptedException {
    if (!first.await(20, TimeUnit.SECONDS)) {
      throw new AssertionError("no token came");
    }
  }
}
