package dev.artel.ops;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Serves `/metrics` apart from users' traffic, on a port that only operators reach.
final class ManagementPort implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private ManagementPort(HttpServer server) {
    this.server = server;
  }

  static ManagementPort open(InetSocketAddress address, PrometheusMeterRegistry meters) {
    try {
      var port = new ManagementPort(HttpServer.create(address, 0));
      port.server.setExecutor(port.threads);
      port.server.createContext("/", exchange -> answer(exchange, meters));
      port.server.start();
      return port;
    } catch (IOException taken) {
      throw new UncheckedIOException(
          "the management port %d cannot be opened; set ARTEL_PROMETHEUS_PORT to a free one"
              .formatted(address.getPort()),
          taken);
    }
  }

  int port() {
    return server.getAddress().getPort();
  }

  private static void answer(HttpExchange exchange, PrometheusMeterRegistry meters)
      throws IOException {
    try (exchange) {
      boolean found =
          exchange.getRequestMethod().equals("GET")
              && exchange.getRequestURI().getPath().equals("/metrics");
      byte[] body = found ? meters.scrape().getBytes(StandardCharsets.UTF_8) : new byte[0];
      exchange.getResponseHeaders().set("Content-Type", OpsRoutes.METRICS_TYPE);
      exchange.sendResponseHeaders(found ? 200 : 404, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
