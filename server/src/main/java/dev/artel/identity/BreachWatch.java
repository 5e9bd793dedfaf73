package dev.artel.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.artel.http.Caller;
import dev.artel.http.Violations;
import dev.artel.protocol.IdText;
import dev.artel.protocol.UserId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/// Notices signs that the walls between users were touched, from two facts that cost nothing to
/// see: PostgreSQL refused a statement by policy or privilege (a defect that the second wall
/// stopped), or a caller asked in a path for an id that this node has lately served to somebody
/// else (ids cannot be guessed, so it leaked). It cannot see more: the service's own role sees no
/// foreign row, which is the point of it, and no index leads by id alone.
final class BreachWatch implements HandlerInterceptor {
  private static final int REMEMBERED_MAX = 100_000;

  /// PostgreSQL's insufficient_privilege, which also stands for a violated policy.
  private static final String REFUSED_BY_POLICY = "42501";

  private final Cache<UUID, UserId> servedTo =
      Caffeine.newBuilder().maximumSize(REMEMBERED_MAX).build();
  private final Violations violations;

  BreachWatch(Violations violations) {
    this.violations = violations;
  }

  @Override
  public void afterCompletion(
      HttpServletRequest request,
      HttpServletResponse response,
      Object handler,
      @Nullable Exception failure) {
    Caller caller = Caller.of(request);
    if (caller == null) {
      return;
    }
    Object handled = request.getAttribute(DispatcherServlet.EXCEPTION_ATTRIBUTE);
    if (refusedByPolicy(failure != null ? failure : handled)) {
      violations.suspected(
          request, caller, "PostgreSQL refused a statement by policy", request.getMethod());
    }
    if (request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE)
            instanceof Map<?, ?> variables
        && RequestPath.of(request.getRequestURI()) == RequestPath.MY) {
      for (Object variable : variables.values()) {
        IdText.parse(String.valueOf(variable))
            .ifPresent(id -> look(request, response.getStatus(), caller, id));
      }
    }
  }

  private void look(HttpServletRequest request, int status, Caller caller, UUID id) {
    if (status < 300) {
      servedTo.put(id, caller.user());
    } else if (status == 404) {
      UserId owner = servedTo.getIfPresent(id);
      if (owner != null && !owner.equals(caller.user())) {
        violations.suspected(request, caller, "asked for another user's id", id.toString());
      }
    }
  }

  private static boolean refusedByPolicy(@Nullable Object failure) {
    for (Object cause = failure;
        cause instanceof Throwable throwable;
        cause = throwable.getCause()) {
      if (throwable instanceof SQLException sql && REFUSED_BY_POLICY.equals(sql.getSQLState())) {
        return true;
      }
    }
    return false;
  }
}
