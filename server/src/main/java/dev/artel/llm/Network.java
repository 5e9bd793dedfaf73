package dev.artel.llm;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The one HTTP client of all providers: redirects are not followed, so a key cannot travel, and
/// its own work runs on virtual threads, so that a thousand streams need a handful of platform
/// threads.
final class Network implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final int SMALL_BODY_MAX = 8 << 20;

  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client;

  Network(Duration firstTokenTimeout) {
    client =
        HttpClient.newBuilder()
            // Over HTTP/2 all streams of a provider would share one connection and its limit of
            // streams (often 100), and a cancel would close a stream instead of the connection. To
            // plain-text servers the JDK would also send an upgrade header that some of them
            // refuse.
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(
                firstTokenTimeout.compareTo(CONNECT_TIMEOUT) < 0
                    ? firstTokenTimeout
                    : CONNECT_TIMEOUT)
            .executor(executor)
            .build();
  }

  HttpClient client() {
    return client;
  }

  /// Fetches something small, within a limit of time for all of it.
  HttpResponse<byte[]> get(URI uri, Map<String, String> headers, Duration limit)
      throws ExecutionException, TimeoutException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri);
    headers.forEach(request::header);
    var pending =
        client.sendAsync(
            request.build(),
            HttpResponse.BodyHandlers.limiting(
                HttpResponse.BodyHandlers.ofByteArray(), SMALL_BODY_MAX));
    try {
      return pending.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } finally {
      // Closes the connection if the answer is still under way.
      pending.cancel(true);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
    executor.shutdownNow();
  }
}
