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

/// Lets a request to a protected path through only with a caller, before routing, body or existence
/// are looked at.
final class BearerFilter implements Filter {
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
    } catch (Fault refused) {
      Exchange.refused(
          request,
          String.valueOf(refused.metadata().getOrDefault("reason", refused.code().toString())),
          caller == null ? null : caller.user());
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
}
