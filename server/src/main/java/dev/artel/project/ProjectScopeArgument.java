package dev.artel.project;

import dev.artel.http.Caller;
import dev.artel.http.ProjectScope;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.HandlerMapping;

/// Hands a route the project that its path names, once it is known to be the caller's; on paths
/// that name none, the caller's default project. Routes take it before the body, so that a foreign
/// project is 404 whatever else is wrong.
final class ProjectScopeArgument implements HandlerMethodArgumentResolver {
  private final Projects projects;

  ProjectScopeArgument(Projects projects) {
    this.projects = projects;
  }

  @Override
  public boolean supportsParameter(MethodParameter parameter) {
    return parameter.getParameterType() == ProjectScope.class;
  }

  @Override
  public Object resolveArgument(
      MethodParameter parameter,
      @Nullable ModelAndViewContainer container,
      NativeWebRequest web,
      @Nullable WebDataBinderFactory binder) {
    HttpServletRequest request =
        Objects.requireNonNull(web.getNativeRequest(HttpServletRequest.class));
    Caller caller = Caller.of(request);
    if (caller == null) {
      throw new IllegalStateException("a project is asked for on a path without authentication");
    }
    String named = projectOf(web);
    ProjectScope scope =
        named == null
            ? new ProjectScope(caller.user(), projects.defaultOf(caller.user()))
            : projects.scope(caller.user(), named);
    projects.used(scope);
    return scope;
  }

  private static @Nullable String projectOf(NativeWebRequest web) {
    Object variables =
        web.getAttribute(
            HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE, RequestAttributes.SCOPE_REQUEST);
    return variables instanceof Map<?, ?> named ? (String) named.get("project_id") : null;
  }
}
