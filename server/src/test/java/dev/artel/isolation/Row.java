package dev.artel.isolation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// How one route is tried. Its path variables are found by their names; the rest is said here.
///
/// @param route method and flat path, such as `GET /my/agents/{agent_id}`
/// @param body of a request on one's own estate; null: none
/// @param foreignBodies bodies on one's own path that name something of another estate
/// @param foreignQueries queries that name something of another estate
/// @param stream whether the route streams
record Row(
    String route,
    @Nullable Function<Estate, Object> body,
    List<Function<Estate, Object>> foreignBodies,
    List<Function<Estate, String>> foreignQueries,
    boolean stream) {

  static Row on(String route) {
    return new Row(route, null, List.of(), List.of(), false);
  }

  Row body(Object always) {
    return new Row(route, _ -> always, foreignBodies, foreignQueries, stream);
  }

  Row body(Function<Estate, Object> own) {
    return new Row(route, own, foreignBodies, foreignQueries, stream);
  }

  Row foreignBody(Function<Estate, Object> naming) {
    var more = new ArrayList<>(foreignBodies);
    more.add(naming);
    return new Row(route, body, more, foreignQueries, stream);
  }

  /// A query with the id that the other estate has under that name.
  Row foreignQuery(String parameter, String id) {
    var more = new ArrayList<>(foreignQueries);
    more.add(estate -> "?" + parameter + "=" + estate.ids().get(id));
    return new Row(route, body, foreignBodies, more, stream);
  }

  Row streams() {
    return new Row(route, body, foreignBodies, foreignQueries, true);
  }

  String method() {
    return route.substring(0, route.indexOf(' '));
  }
}
