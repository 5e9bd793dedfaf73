package dev.artel.isolation;

import dev.artel.testing.World;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/// Every route of the running service, asked of the framework that dispatches to them.
final class RouteCatalogue {
  private static final Pattern CANONICAL = Pattern.compile("^/my/projects/\\{project_id}/");

  private RouteCatalogue() {}

  /// @param path as it is mapped, in either spelling
  record Route(String method, String path, HandlerMethod handler) {
    /// Under which its row stands: both spellings of a route share one.
    String key() {
      return method + " " + CANONICAL.matcher(path).replaceFirst("/my/");
    }

    @Override
    public String toString() {
      return method + " " + path;
    }

    Set<String> variables() {
      var names = new TreeSet<String>();
      var found = Pattern.compile("\\{(\\w+)}").matcher(path);
      while (found.find()) {
        names.add(found.group(1));
      }
      return names;
    }
  }

  static List<Route> mine(World world) {
    return world.door(RequestMappingHandlerMapping.class).getHandlerMethods().entrySet().stream()
        .flatMap(entry -> routes(entry.getKey(), entry.getValue()))
        .filter(route -> route.path().equals("/my") || route.path().startsWith("/my/"))
        .sorted(Comparator.comparing(Route::toString))
        .toList();
  }

  private static Stream<Route> routes(RequestMappingInfo info, HandlerMethod handler) {
    return info.getPatternValues().stream()
        .flatMap(path ->
            info.getMethodsCondition().getMethods().stream()
                .map(method -> new Route(method.name(), path, handler)));
  }
}
