package dev.artel.http;

import dev.artel.base.Fault;
import dev.artel.protocol.ErrorCode;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/// The last ring, where the handler is known: what it declares is applied before it runs.
final class HandlerEdge implements HandlerInterceptor {
  private final RateLimit rateLimit;
  private final Repeats repeats;
  private final int bodyBytesMax;
  private final Map<Method, Set<String>> filters = new ConcurrentHashMap<>();

  HandlerEdge(RateLimit rateLimit, Repeats repeats, int bodyBytesMax) {
    this.rateLimit = rateLimit;
    this.repeats = repeats;
    this.bodyBytesMax = bodyBytesMax;
  }

  @Override
  public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
      throws IOException {
    if (!(handler instanceof HandlerMethod method)) {
      return true;
    }
    BodyLimit larger = method.getMethodAnnotation(BodyLimit.class);
    LimitedBody.of(request).limit(larger == null ? bodyBytesMax : larger.bytesMax());
    Caller caller = Caller.of(request);
    Heavy heavy = method.getMethodAnnotation(Heavy.class);
    if (heavy != null && caller != null) {
      rateLimit.heavy(request, response, caller, heavy);
    }
    if (takes(method, Paging.class) && !wantsStream(request)) {
      refuseUnknownFilters(request, method);
    }
    return !takes(method, Idempotency.class) || repeats.begin(request, response, method);
  }

  /// A list that can also be followed knows other parameters when it is.
  private static boolean wantsStream(HttpServletRequest request) {
    String accept = request.getHeader("Accept");
    return accept != null
        && (accept.contains("application/x-ndjson") || accept.contains("text/event-stream"));
  }

  /// A list must not answer as if it had filtered by a field it does not know.
  private void refuseUnknownFilters(HttpServletRequest request, HandlerMethod method) {
    Set<String> known = filters.computeIfAbsent(method.getMethod(), _ -> filtersOf(method));
    for (String name : request.getParameterMap().keySet()) {
      if (!known.contains(name)) {
        throw Fault.of(
                ErrorCode.INVALID_FILTER,
                "Unknown parameter %s; this list knows %s."
                    .formatted(name, String.join(", ", new TreeSet<>(known))))
            .with("field", name);
      }
    }
  }

  /// The handler's own parameters, and those of paging.
  private static Set<String> filtersOf(HandlerMethod method) {
    var names = new HashSet<>(Paging.PARAMETERS);
    for (MethodParameter parameter : method.getMethodParameters()) {
      RequestParam declared = parameter.getParameterAnnotation(RequestParam.class);
      if (declared != null) {
        String name = declared.name().isEmpty() ? declared.value() : declared.name();
        names.add(name.isEmpty() ? String.valueOf(parameter.getParameter().getName()) : name);
      }
    }
    return names;
  }

  static boolean takes(HandlerMethod method, Class<?> type) {
    return Arrays.stream(method.getMethodParameters())
        .anyMatch(parameter -> parameter.getParameterType() == type);
  }
}
