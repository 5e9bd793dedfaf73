package dev.artel.llm;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The body of a response, pulled by a virtual thread that waits with a limit. (The JDK's own body
/// stream has no read timeout.) One chunk is asked for at a time, so a slow reader slows the sender
/// and memory stays bounded. Closing ends a waiting read at once and closes the connection.
final class StreamBytes implements HttpResponse.BodySubscriber<StreamBytes> {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<ByteBuffer> ready = new ArrayDeque<>();
  private Flow.@Nullable Subscription subscription;
  private @Nullable Throwable failure;
  private boolean complete;
  private boolean closed;

  /// The next bytes, or null at the end of the body. Throws [TimeoutException] when none came in
  /// time and [IOException] when the connection broke or was closed here.
  @Nullable ByteBuffer next(long nanos) throws IOException, TimeoutException, InterruptedException {
    Flow.Subscription more = null;
    ByteBuffer bytes;
    lock.lockInterruptibly();
    try {
      long left = nanos;
      while (ready.isEmpty() && !complete && !closed && failure == null) {
        if (left <= 0) {
          throw new TimeoutException();
        }
        left = changed.awaitNanos(left);
      }
      if (closed) {
        throw new IOException("closed");
      }
      bytes = ready.poll();
      if (bytes == null && failure != null) {
        throw new IOException("the connection broke", failure);
      }
      if (bytes != null && ready.isEmpty() && !complete) {
        more = subscription;
      }
    } finally {
      lock.unlock();
    }
    if (more != null) {
      more.request(1);
    }
    return bytes;
  }

  void close() {
    Flow.Subscription open;
    lock.lock();
    try {
      closed = true;
      ready.clear();
      open = complete ? null : subscription;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (open != null) {
      open.cancel();
    }
  }

  @Override
  public CompletionStage<StreamBytes> getBody() {
    return CompletableFuture.completedFuture(this);
  }

  @Override
  public void onSubscribe(Flow.Subscription opened) {
    boolean late;
    lock.lock();
    try {
      subscription = opened;
      late = closed;
    } finally {
      lock.unlock();
    }
    if (late) {
      opened.cancel();
    } else {
      opened.request(1);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> chunk) {
    Flow.Subscription more = null;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      for (ByteBuffer bytes : chunk) {
        if (bytes.hasRemaining()) {
          ready.add(bytes);
        }
      }
      // An empty chunk wakes nobody, so nobody would ask for the next one.
      more = ready.isEmpty() ? subscription : null;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (more != null) {
      more.request(1);
    }
  }

  @Override
  public void onError(Throwable thrown) {
    lock.lock();
    try {
      failure = thrown;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void onComplete() {
    lock.lock();
    try {
      complete = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
