package dev.artel.chat;

import dev.artel.http.Caller;
import dev.artel.http.Exchange;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/// Notes who asked for the stream of a session, or of a project, that is not theirs or does not
/// exist: the answer does not tell which, and neither does the log.
final class StreamWatch implements HandlerInterceptor {
  private static final Logger log = LoggerFactory.getLogger(StreamWatch.class);
  private static final int LOGGED_CHARS_MAX = 64;

  @Override
  public void afterCompletion(
      HttpServletRequest request,
      HttpServletResponse response,
      Object handler,
      @Nullable Exception failure) {
    Caller caller = Caller.of(request);
    if (caller == null
        || response.getStatus() != 404
        || !(handler instanceof HandlerMethod method)
        || method.getBeanType() != StreamRoutes.class) {
      return;
    }
    log.atWarn()
        .addKeyValue("user", caller.user())
        .addKeyValue("project", named(request, "project_id"))
        .addKeyValue("session", named(request, "session_id"))
        .addKeyValue("client_ip", Exchange.of(request).clientIp())
        .log("possible isolation violation: a stream was asked for that is not the caller's");
  }

  /// As the caller spelled it, which may be anything.
  private static String named(HttpServletRequest request, String variable) {
    if (request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE)
            instanceof Map<?, ?> variables
        && variables.get(variable) instanceof String named) {
      String plain = named.replaceAll("[^\\w.-]", "?");
      return plain.substring(0, Math.min(plain.length(), LOGGED_CHARS_MAX));
    }
    return "default";
  }
}
