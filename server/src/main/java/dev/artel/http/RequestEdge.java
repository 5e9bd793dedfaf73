package dev.artel.http;

import dev.artel.base.Fault;
import dev.artel.base.Ids;
import dev.artel.protocol.UserId;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.spi.LoggingEventBuilder;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerMapping;

/// The outermost ring: gives a request its ids, an answer its headers, the log its line and the
/// meters their count, and answers for whatever a filter throws.
final class RequestEdge extends OncePerRequestFilter {
  /// One line a request: a warning when it was not let in. Never a query or a body: they may hold
  /// secrets. The path itself, with its values, is told of the paths that need a caller.
  private static final Logger access = LoggerFactory.getLogger("dev.artel.access");

  private static final Logger log = LoggerFactory.getLogger(RequestEdge.class);

  /// In every line's context, beside `request_id` and `trace_id`. None of the three may also be a
  /// line's own field: a JSON object names each once.
  static final String CALLER = "caller_id";

  private static final String UNMATCHED = "unmatched";
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(5),
    Duration.ofMillis(25),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5),
    Duration.ofSeconds(30),
  };

  private final HttpSettings settings;
  private final Ids ids;
  private final MeterRegistry meters;

  RequestEdge(HttpSettings settings, Ids ids, MeterRegistry meters) {
    this.settings = settings;
    this.ids = ids;
    this.meters = meters;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    long start = System.nanoTime();
    Exchange exchange = Exchange.begin(request, ids, settings.trustedProxies());
    MDC.put("request_id", exchange.requestId());
    MDC.put("trace_id", exchange.traceId());
    try {
      response.setHeader(Exchange.REQUEST_ID_HEADER, exchange.requestId());
      SecurityHeaders.set(request.getRequestURI(), exchange.secure(), response::setHeader);
      chain.doFilter(exchange.seen(request), response);
    } catch (Fault fault) {
      Errors.write(response, fault);
    } catch (RuntimeException | ServletException failure) {
      log.error("a filter failed; the cause needs a developer", failure);
      Errors.write(response, Errors.unexpected());
    } finally {
      told(request, response, exchange, System.nanoTime() - start);
      MDC.remove(CALLER);
      MDC.remove("trace_id");
      MDC.remove("request_id");
    }
  }

  private void told(
      HttpServletRequest request, HttpServletResponse response, Exchange exchange, long nanos) {
    String method = METHODS.contains(request.getMethod()) ? request.getMethod() : "other";
    String route =
        request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE) instanceof String known
            ? known
            : UNMATCHED;
    int status = response.getStatus();
    Exchange.Refused refused = Exchange.Refused.of(request);
    var line =
        (refused == null ? access.atInfo() : access.atWarn())
            .addKeyValue("method", method)
            .addKeyValue("route", route)
            .addKeyValue("status", status)
            .addKeyValue("millis", TimeUnit.NANOSECONDS.toMillis(nanos))
            .addKeyValue("client_ip", exchange.clientIp());
    Caller caller = Caller.of(request);
    if (caller != null) {
      line = whose(line, caller.user(), request);
    } else if (refused != null) {
      line = whose(line, refused.user(), request).addKeyValue("reason", refused.reason());
    }
    line.log(refused == null ? "request" : "refused");

    meters
        .counter(
            "http.requests", "method", method, "route", route, "status", String.valueOf(status))
        .increment();
    if (!isStream(response)) {
      Timer.builder("http.request.duration")
          .tags("method", method, "route", route)
          .serviceLevelObjectives(BUCKETS)
          .register(meters)
          .record(nanos, TimeUnit.NANOSECONDS);
    }
  }

  private static LoggingEventBuilder whose(
      LoggingEventBuilder line, @Nullable UserId user, HttpServletRequest request) {
    return line.addKeyValue("user_id", user).addKeyValue("path", request.getRequestURI());
  }

  /// A stream lasts as long as its reader likes: its length says nothing about the service.
  private static boolean isStream(HttpServletResponse response) {
    String type = response.getContentType();
    return type != null
        && (type.startsWith("application/x-ndjson") || type.startsWith("text/event-stream"));
  }
}
