package dev.artel.http;

import dev.artel.base.Fault;
import dev.artel.protocol.ErrorCode;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.MDC;

/// Says how many requests a minute a caller may make. Signed-in callers are counted by user, all
/// others by the address they come from, before identity looks at what they bring.
final class RateLimit {
  static final Duration WINDOW = Duration.ofMinutes(1);

  private static final String COUNTED = RateLimit.class.getName();
  private static final int HANDS_PER_MINUTE = 1200;

  /// Loading the UI takes a dozen files at once, which are kept for ever afterwards.
  private static final int FILES_PER_MINUTE = 600;

  private final Windows windows;
  private final HttpSettings.Rates rates;

  RateLimit(Windows windows, HttpSettings.Rates rates) {
    this.windows = windows;
    this.rates = rates;
  }

  /// The ring outside identity.
  void byAddress(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    switch (Area.of(request.getRequestURI())) {
      case PROBE -> chain.doFilter(request, response);
      case AUTH -> counted(request, response, chain, "auth", rates.auth());
      case FILES -> counted(request, response, chain, "files", FILES_PER_MINUTE);
      case OPEN -> counted(request, response, chain, "open", rates.anonymous());
      case GUARDED -> {
        if (request.getHeader("Authorization") == null) {
          counted(request, response, chain, "open", rates.anonymous());
        } else {
          countingRefused(request, response, chain);
        }
      }
    }
  }

  private void counted(
      HttpServletRequest request,
      HttpServletResponse response,
      FilterChain chain,
      String bucket,
      int limit)
      throws IOException, ServletException {
    take(request, response, bucket + "/" + Exchange.of(request).clientIp(), limit, 0);
    chain.doFilter(request, response);
  }

  /// A token that identity refused counts as no token: guessing is limited by address. Whoever
  /// passed identity is counted by user; when an issuer's keys are missing it is nobody's fault.
  private void countingRefused(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    try {
      chain.doFilter(request, response);
    } catch (Fault refused) {
      if (request.getAttribute(COUNTED) == null
          && refused.code() != ErrorCode.SERVICE_UNAVAILABLE) {
        take(request, response, "open/" + Exchange.of(request).clientIp(), rates.anonymous(), 0);
      }
      throw refused;
    }
  }

  /// The ring inside identity.
  void byUser(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Caller caller = Caller.of(request);
    if (caller != null) {
      MDC.put(RequestEdge.CALLER, caller.user().toString());
      if (HandsRoutes.include(request.getMethod(), request.getRequestURI())) {
        take(request, response, "hands/" + caller.user(), HANDS_PER_MINUTE, 0);
      } else {
        take(request, response, "user/" + caller.user(), rates.perUser(), rates.burst());
      }
    }
    chain.doFilter(request, response);
  }

  /// Counts a request to a heavy route in a bucket of its own, beside the caller's.
  void heavy(HttpServletRequest request, HttpServletResponse response, Caller caller, Heavy heavy) {
    take(request, response, heavy.bucket() + "/" + caller.user(), heavy.perMinute(), 0);
  }

  private void take(
      HttpServletRequest request,
      HttpServletResponse response,
      String bucket,
      int limit,
      int burst) {
    request.setAttribute(COUNTED, true);
    if (rates.unlimited()) {
      return;
    }
    Windows.Window window = windows.count(bucket, WINDOW);
    long seconds = Math.max(1, window.left().plusMillis(999).toSeconds());
    response.setHeader("X-RateLimit-Limit", Integer.toString(limit));
    response.setHeader(
        "X-RateLimit-Remaining", Long.toString(Math.max(0, (long) limit + burst - window.count())));
    response.setHeader("X-RateLimit-Reset", Long.toString(seconds));
    if (window.count() > (long) limit + burst) {
      throw Fault.of(
              ErrorCode.RATE_LIMITED,
              "Too many requests: %d a minute are allowed. Try again in %d s."
                  .formatted(limit, seconds))
          .retryAfter(Duration.ofSeconds(seconds));
    }
  }

  /// Which rule a path falls under.
  enum Area {
    PROBE,
    AUTH,
    FILES,
    OPEN,
    GUARDED;

    static Area of(String uri) {
      String path = Paths.trimmed(uri);
      if (path.equals("/health") || path.equals("/ready")) {
        return PROBE;
      } else if (Paths.isBelow(path, "/auth")) {
        return AUTH;
      } else if (Paths.isBelow(path, "/app") || path.startsWith("/docs/")) {
        return FILES;
      } else if (path.equals("/my/docs") || path.equals("/my/openapi.json")) {
        return OPEN;
      }
      return Paths.isBelow(path, "/my") || Paths.isBelow(path, "/admin") ? GUARDED : OPEN;
    }
  }
}
