package dev.artel.identity;

import dev.artel.base.Fault;
import dev.artel.http.Caller;
import dev.artel.http.Exchange;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// Lets a request to a protected path through only with a caller, before routing, body or existence
/// are looked at.
final class BearerFilter implements Filter {
  private static final Logger log = LoggerFactory.getLogger(BearerFilter.class);
  private static final String SCHEME = "Bearer ";

  private final Admission admission;

  BearerFilter(Admission admission) {
    this.admission = admission;
  }

  @Override
  public void doFilter(ServletRequest plain, ServletResponse answer, FilterChain chain)
      throws IOException, ServletException {
    var request = (HttpServletRequest) plain;
    RequestPath protection = RequestPath.of(request.getRequestURI());
    if (protection != RequestPath.OPEN) {
      admit(request, protection);
    }
    chain.doFilter(request, answer);
  }

  private void admit(HttpServletRequest request, RequestPath protection) {
    Caller caller = null;
    try {
      caller = admission.admit(token(request));
      Scopes.check(caller, protection, request.getMethod(), request.getRequestURI());
      caller.carriedBy(request);
      about(log.atInfo(), caller, request).log("admitted");
    } catch (Fault refused) {
      about(log.atWarn(), caller, request)
          .addKeyValue(
              "reason", refused.metadata().getOrDefault("reason", refused.code().toString()))
          .log("refused");
      throw refused;
    }
  }

  /// The one bearer token of the Authorization header.
  private static String token(HttpServletRequest request) {
    List<String> headers = Collections.list(request.getHeaders("Authorization"));
    if (headers.isEmpty() || (headers.size() == 1 && headers.getFirst().isBlank())) {
      throw Refusal.MISSING.fault();
    }
    String header = headers.getFirst();
    if (headers.size() > 1 || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      throw Refusal.MALFORMED.fault();
    }
    return header.substring(SCHEME.length()).strip();
  }

  /// The path without its query, which may hold what a log must not. The request's id is in every
  /// line's context; naming it again would make the line no valid JSON.
  private static LoggingEventBuilder about(
      LoggingEventBuilder line, @Nullable Caller caller, HttpServletRequest request) {
    return line.addKeyValue("user_id", caller == null ? null : caller.user())
        .addKeyValue("method", request.getMethod())
        .addKeyValue("path", request.getRequestURI())
        .addKeyValue("client_ip", Exchange.of(request).clientIp());
  }
}
