package dev.artel.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.acceptance.Accepts;
import dev.artel.isolation.RouteCatalogue.Route;
import dev.artel.testing.Answer;
import dev.artel.testing.Client;
import dev.artel.testing.Lines;
import dev.artel.testing.World;
import java.lang.reflect.RecordComponent;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;

/// Every route of the service, in both spellings, with every foreign id, in both directions.
@Accepts("S14.11")
final class IsolationTest {
  private static final World WORLD = World.shared();
  private static final List<Route> ROUTES =
      RouteCatalogue.mine(WORLD).stream()
          .filter(route -> !Rows.OPEN.contains(route.toString()))
          .toList();
  private static final Set<String> OWNER_NAMES =
      Set.of("user_id", "userid", "user", "owner", "owner_id", "ownerid", "tenant", "tenant_id");

  private static final class Neighbours {
    static final Estate A = Estate.of(WORLD);
    static final Estate B = Estate.of(WORLD);
  }

  @Test
  void every_route_has_a_row_and_every_row_a_route() {
    assertThat(ROUTES.stream().map(Route::key).distinct())
        .containsExactlyInAnyOrderElementsOf(Rows.ALL.keySet());
  }

  @Test
  void every_id_in_a_path_is_known_to_the_estates() {
    Set<String> unknown =
        ROUTES.stream()
            .flatMap(route -> route.variables().stream())
            .filter(name -> !Neighbours.A.ids().containsKey(name))
            .collect(Collectors.toSet());
    assertThat(unknown).isEmpty();
    assertThat(Neighbours.A.ids().values()).doesNotContain("").doesNotContainNull();
  }

  @TestFactory
  @Accepts("S2.5")
  Stream<DynamicTest> a_foreign_id_is_answered_like_one_that_nobody_has() {
    Estate a = Neighbours.A;
    Estate b = Neighbours.B;
    return ROUTES.stream()
        .map(route ->
            DynamicTest.dynamicTest(
                route.toString(),
                () -> {
                  Row row = row(route);
                  unchanged(a, () -> tried(route, row, b, a));
                  unchanged(b, () -> tried(route, row, a, b));
                }));
  }

  private static Row row(Route route) {
    Row row = Rows.ALL.get(route.key());
    if (row == null) {
      throw new AssertionError("add a row to Rows for " + route.key());
    }
    return row;
  }

  /// The owner's rows are the same after the act as before.
  private static void unchanged(Estate owner, Runnable act) {
    Map<String, String> before = owner.digest();
    act.run();
    assertThat(owner.digest()).isEqualTo(before);
  }

  private static void tried(Route route, Row row, Estate caller, Estate owner) {
    Set<String> foreignable = new TreeSet<>(route.variables());
    foreignable.remove("version");
    foreignable.remove("step");
    for (String variable : foreignable) {
      Answer foreign = send(route, row, caller, Map.of(variable, id(owner, variable)), row.body());
      Answer unknown =
          send(route, row, caller, Map.of(variable, UUID.randomUUID().toString()), row.body());
      assertThat(foreign.status()).as("%s with a foreign %s", route, variable).isEqualTo(404);
      assertThat(told(foreign)).isEqualTo(told(unknown));
      showsNothingOf(owner, foreign);
    }
    if (foreignable.size() > 1) {
      Map<String, String> all =
          foreignable.stream().collect(Collectors.toMap(name -> name, name -> id(owner, name)));
      assertThat(send(route, row, caller, all, row.body()).status()).isEqualTo(404);
    }
    for (Function<Estate, Object> naming : row.foreignBodies()) {
      alike(
          send(route, row, caller, Map.of(), _ -> naming.apply(owner)),
          send(route, row, caller, Map.of(), _ -> naming.apply(nobody(owner))),
          owner);
    }
    for (Function<Estate, String> naming : row.foreignQueries()) {
      alike(
          caller.client().get(path(route, row, caller, Map.of(), naming.apply(owner))),
          caller.client().get(path(route, row, caller, Map.of(), naming.apply(nobody(owner)))),
          owner);
    }
    if (route.method().equals("GET") && !route.path().endsWith("/{session_id}/events")) {
      Answer own = send(route, row, caller, Map.of(), null);
      assertThat(own.status()).as("%s on one's own: %s", route, own.body()).isEqualTo(200);
      showsNothingOf(owner, own);
      for (String name : List.of("user_id", "owner_id", "userId")) {
        showsNothingOf(
            owner,
            caller
                .client()
                .get(path(route, row, caller, Map.of(), "?" + name + "=" + owner.user())),
            owner.user().toString());
      }
      if (!route.path().endsWith("/{task_id}/events")) {
        pagesOf(owner, route, row, caller);
      }
    }
  }

  /// Where the owner's list goes on, the caller's must not.
  private static void pagesOf(Estate owner, Route route, Row row, Estate caller) {
    Answer page = owner.client().get(path(route, row, owner, Map.of(), "?limit=1"));
    if (page.status() == 200 && page.json().path("next_cursor").isString()) {
      String cursor = page.json().path("next_cursor").asString();
      showsNothingOf(
          owner,
          caller.client().get(path(route, row, caller, Map.of(), "?limit=5&cursor=" + cursor)),
          cursor);
    }
  }

  private static void alike(Answer foreign, Answer unknown, Estate owner) {
    assertThat(foreign.status()).isEqualTo(unknown.status());
    assertThat(foreign.body()).doesNotContain(owner.user().toString());
    if (foreign.status() >= 400) {
      assertThat(shape(foreign)).isEqualTo(shape(unknown));
    } else {
      assertThat(foreign.body().replaceAll("[?&]\\w+=[^\"]*", "")).doesNotContain(owner.mark());
    }
  }

  private static Estate nobody(Estate like) {
    Map<String, String> ids = new LinkedHashMap<>();
    like.ids().keySet().forEach(name -> ids.put(name, UUID.randomUUID().toString()));
    return new Estate(like.client(), "mark" + UUID.randomUUID().toString().replace("-", ""), ids);
  }

  private static Answer send(
      Route route,
      Row row,
      Estate caller,
      Map<String, String> instead,
      @org.jspecify.annotations.Nullable Function<Estate, Object> body) {
    return caller
        .client()
        .send(
            route.method(),
            path(route, row, caller, instead, ""),
            body == null ? null : body.apply(caller));
  }

  private static String path(
      Route route, Row row, Estate caller, Map<String, String> instead, String query) {
    String path = route.path();
    for (String variable : route.variables()) {
      String value = instead.get(variable);
      path = path.replace("{" + variable + "}", value == null ? id(caller, variable) : value);
    }
    int fixed = row.route().indexOf('?');
    String always = fixed < 0 ? "" : row.route().substring(fixed);
    return query.contains("q=") || always.isEmpty()
        ? path + query
        : path + always + query.replace('?', '&');
  }

  private static String id(Estate estate, String name) {
    String id = estate.ids().get(name);
    if (id == null) {
      throw new AssertionError("estates have no " + name);
    }
    return id;
  }

  private static void showsNothingOf(Estate owner, Answer answer, String... echoed) {
    String body = answer.body();
    for (String own : echoed) {
      body = body.replace(own, "");
    }
    for (String mark : owner.marks()) {
      assertThat(body).doesNotContain(mark);
    }
  }

  /// An error as the caller sees it, but for the moment.
  private static Map<String, String> told(Answer answer) {
    var told = new LinkedHashMap<String, String>();
    answer
        .json()
        .properties()
        .forEach(field -> told.put(field.getKey(), field.getValue().toString()));
    told.remove("timestamp");
    return told;
  }

  /// The same without what the caller sent.
  private static Map<String, String> shape(Answer answer) {
    Map<String, String> told = told(answer);
    told.replaceAll((_, text) ->
        text.replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|mark[0-9a-f]{32}", "*"));
    return told;
  }

  @Test
  void no_route_takes_an_owner_from_anything_but_the_token() {
    var offenders = new TreeSet<String>();
    for (Route route : ROUTES) {
      route.variables().stream()
          .filter(OWNER_NAMES::contains)
          .forEach(name -> offenders.add(route + " " + name));
      for (MethodParameter parameter : route.handler().getMethodParameters()) {
        if (parameter.hasParameterAnnotation(RequestParam.class)) {
          String name = String.valueOf(parameter.getParameter().getName());
          RequestParam declared = parameter.getParameterAnnotation(RequestParam.class);
          if (OWNER_NAMES.contains(name)
              || (declared != null && OWNER_NAMES.contains(declared.value()))) {
            offenders.add(route + " " + name);
          }
        }
        if (parameter.hasParameterAnnotation(RequestBody.class)) {
          owners(parameter.getParameterType(), new HashSet<>())
              .forEach(name -> offenders.add(route + " " + name));
        }
      }
    }
    assertThat(offenders).isEmpty();
  }

  private static Set<String> owners(Class<?> type, Set<Class<?>> seen) {
    var found = new HashSet<String>();
    if (type.isRecord() && seen.add(type)) {
      for (RecordComponent component : type.getRecordComponents()) {
        if (OWNER_NAMES.contains(component.getName().toLowerCase(java.util.Locale.ROOT))) {
          found.add(component.getName());
        }
        found.addAll(owners(component.getType(), seen));
      }
    }
    return found;
  }

  /// A 404 proves something only where one's own id gets an answer.
  @Test
  void the_same_requests_on_ones_own_are_not_refused() {
    Estate own = Estate.of(WORLD);
    List<Route> changing =
        ROUTES.stream()
            .filter(route -> !route.method().equals("GET"))
            .sorted(
                Comparator.<Route>comparingInt(route -> route.method().equals("DELETE") ? 1 : 0)
                    .thenComparingInt(route -> -route.variables().size())
                    .thenComparing(Route::path))
            .toList();
    var refused = new TreeSet<String>();
    for (Route route : changing) {
      if (route.method().equals("DELETE")
          && !route.path().startsWith("/my/projects/{project_id}/")) {
        // The canonical spelling has already removed it.
        continue;
      }
      Row row = row(route);
      Answer answer = send(route, row, own, Map.of(), row.body());
      if (answer.status() >= 300 && answer.status() != 409) {
        refused.add(route + ": " + answer.status() + " " + answer.body());
      }
    }
    assertThat(refused).isEmpty();
  }

  @TestFactory
  Stream<DynamicTest> a_stream_tells_of_ones_own_alone_wherever_it_begins() {
    Estate own = Estate.of(WORLD);
    Estate other = Estate.of(WORLD);
    return ROUTES.stream()
        .filter(route -> row(route).stream())
        .flatMap(route ->
            Stream.of(
                    "?deltas=1",
                    "?last_event_id=" + id(other, "event_id"),
                    "?last_event_id=" + id(own, "event_id"),
                    "?since=2020-01-01T00:00:00Z")
                .map(from ->
                    DynamicTest.dynamicTest(
                        route + from, () -> streamed(route, row(route), own, other, from))));
  }

  private static void streamed(Route route, Row row, Estate own, Estate other, String from) {
    String last = "last " + UUID.randomUUID();
    try (Lines lines = own.client().stream(path(route, row, own, Map.of(), from))) {
      assertThat(lines.status()).isEqualTo(200);
      retitle(other, other.mark() + " again");
      retitle(own, last);
      String line = lines.next();
      while (line != null && !line.contains(last)) {
        // A gap is answered with the position that was asked for.
        String told = line.replaceAll("\"requested\":\"[^\"]*\"", "");
        for (String mark : other.marks()) {
          assertThat(told).doesNotContain(mark);
        }
        line = lines.next();
      }
      assertThat(line).as("one's own event arrives").isNotNull();
    }
  }

  private static void retitle(Estate estate, String title) {
    estate
        .client()
        .patch("/my/chat/sessions/" + id(estate, "session_id"), Map.of("title", title))
        .expect(200);
  }

  @Test
  void one_key_of_two_users_makes_two_things() {
    String key = UUID.randomUUID().toString();
    Client a = Neighbours.A.client().with("Idempotency-Key", key);
    Client b = Neighbours.B.client().with("Idempotency-Key", key);
    Map<String, String> body = Map.of("name", "keyed " + key);
    Answer first = a.post("/my/projects", body).expect(201);
    Answer second = b.post("/my/projects", body).expect(201);
    assertThat(second.header("Idempotency-Replayed")).isNull();
    assertThat(second.json().path("id")).isNotEqualTo(first.json().path("id"));
    assertThat(a.post("/my/projects", body).header("Idempotency-Replayed")).isEqualTo("true");
  }
}
