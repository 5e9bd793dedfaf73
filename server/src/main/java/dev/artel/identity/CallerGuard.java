package dev.artel.identity;

import dev.artel.http.Caller;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/// The last door before a handler. It looks at the route that was found, not at the path that was
/// sent: whichever way a request came there, without a caller it goes no further. And a handler
/// that asks for a caller gets one or is not called.
final class CallerGuard implements HandlerInterceptor, HandlerMethodArgumentResolver {
  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    Object pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
    if (pattern != null) {
      String route = pattern.toString();
      RequestPath protection = RequestPath.of(route);
      if (protection != RequestPath.OPEN) {
        Scopes.check(caller(request), protection, request.getMethod(), request.getRequestURI());
      }
    }
    return true;
  }

  private static Caller caller(HttpServletRequest request) {
    Caller caller = Caller.of(request);
    if (caller == null) {
      throw Refusal.MISSING.fault();
    }
    return caller;
  }

  @Override
  public boolean supportsParameter(MethodParameter parameter) {
    return parameter.getParameterType() == Caller.class;
  }

  @Override
  public Object resolveArgument(
      MethodParameter parameter,
      @Nullable ModelAndViewContainer container,
      NativeWebRequest request,
      @Nullable WebDataBinderFactory binder) {
    return caller(Objects.requireNonNull(request.getNativeRequest(HttpServletRequest.class)));
  }
}
