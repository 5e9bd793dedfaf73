package dev.artel.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.acceptance.Accepts;
import dev.artel.protocol.ErrorCode;
import dev.artel.testing.Answer;
import dev.artel.testing.Client;
import dev.artel.testing.Lines;
import dev.artel.testing.World;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/// What holds for every route that the published document names, whatever it does.
final class SurfaceTest {
  private static final World WORLD = World.shared();
  private static final Pattern VARIABLE = Pattern.compile("\\{\\w+}");
  private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");
  private static final String HANDS_LIMIT = "1200";

  /// Routes whose repetition changes nothing more by itself, and those of sign-in, which carry no
  /// caller to whom a key could belong.
  private static final Set<String> REPEATABLE =
      Set.of(
          "POST /my/chat/{session_id}/stop",
          "POST /my/projects/{project_id}/chat/{session_id}/stop",
          "POST /my/tasks/{task_id}/cancel",
          "POST /my/projects/{project_id}/tasks/{task_id}/cancel",
          "POST /admin/tokens/revoke",
          "POST /admin/workspaces/{user_id}/{project_id}/reset",
          "POST /auth/link",
          "POST /auth/refresh");

  private record Operation(String method, String path, JsonNode described) {
    @Override
    public String toString() {
      return method + " " + path;
    }

    /// With ids that nobody has.
    String unknown() {
      return VARIABLE.matcher(path).replaceAll(UUID.randomUUID().toString());
    }

    boolean takes(String parameter) {
      return described
          .path("parameters")
          .valueStream()
          .anyMatch(one -> one.path("name").asString().equals(parameter));
    }

    boolean takesBody() {
      return described.has("requestBody");
    }

    boolean needs(String area) {
      return path.startsWith(area + "/");
    }
  }

  private static List<Operation> operations() {
    var all = new ArrayList<Operation>();
    JsonNode paths = WORLD.stranger().get("/my/openapi.json").expect(200).json().path("paths");
    paths
        .properties()
        .forEach(path ->
            path.getValue()
                .properties()
                .forEach(one -> {
                  if (METHODS.contains(one.getKey())) {
                    all.add(
                        new Operation(
                            one.getKey().toUpperCase(java.util.Locale.ROOT),
                            path.getKey(),
                            one.getValue()));
                  }
                }));
    assertThat(all).hasSizeGreaterThan(80);
    return all;
  }

  private static void shaped(Operation operation, Answer answer, int status) {
    assertThat(answer.status()).as("%s: %s", operation, answer.body()).isEqualTo(status);
    shaped(answer);
  }

  private static void shaped(Answer answer) {
    assertThat(answer.header("Content-Type")).startsWith("application/json");
    JsonNode told = answer.json();
    assertThat(told.path("detail").asString()).isNotBlank();
    assertThat(Stream.of(ErrorCode.values()).map(Enum::name))
        .contains(told.path("error_code").asString());
    assertThat(Instant.parse(told.path("timestamp").asString())).isBefore(Instant.MAX);
    assertThat(Set.of("detail", "error_code", "timestamp", "metadata", "errors"))
        .containsAll(told.propertyNames());
  }

  @Test
  @Accepts("S13.6")
  void no_documented_path_answers_without_the_token_or_role_that_it_needs() {
    Client user = WORLD.user();
    int guarded = 0;
    for (Operation operation : operations()) {
      if (operation.needs("/my") || operation.needs("/admin")) {
        guarded++;
        shaped(
            operation, WORLD.stranger().send(operation.method(), operation.unknown(), null), 401);
      }
      if (operation.needs("/admin")) {
        shaped(operation, user.send(operation.method(), operation.unknown(), null), 403);
      }
    }
    assertThat(guarded).isGreaterThan(70);
  }

  @Test
  @Accepts({"S4.9", "S13.9"})
  void every_refusal_of_every_route_has_one_shape() {
    Client all = WORLD.admin();
    for (String path : List.of("/nothing", "/my/nothing", "/admin/nothing", "/auth/nothing")) {
      Answer unknown = all.get(path);
      assertThat(unknown.status()).as(path).isEqualTo(404);
      shaped(unknown);
    }
    for (Operation operation : operations()) {
      String path = operation.unknown();
      shaped(operation, all.send("PROPFIND", path, null), 405);
      shaped(operation, all.send("TRACE", path, null), 405);
      if (operation.path().contains("{") && !operation.takesBody()) {
        Answer missing = all.send(operation.method(), path, null);
        if (!operation.toString().equals("DELETE /admin/users/{user_id}")) {
          assertThat(missing.status()).as("%s: %s", operation, missing.body()).isIn(404, 422);
          shaped(missing);
        }
      }
    }
  }

  @Test
  void every_body_is_checked_before_anything_is_done() {
    Client all = WORLD.admin();
    int bodies = 0;
    for (Operation operation : operations()) {
      if (operation.takesBody() && !operation.needs("/auth")) {
        bodies++;
        String path = operation.path().replace("{project_id}", "{id}");
        path = VARIABLE.matcher(path).replaceAll(UUID.randomUUID().toString());
        boolean nested = operation.path().contains("{project_id}");
        // A foreign project is missing before its body is looked at.
        path = nested ? path.replaceFirst("/my/projects/[^/]+", "/my/projects/" + own(all)) : path;
        shaped(operation, all.send(operation.method(), path, "{not json"), 400);
        shaped(
            operation,
            all.with("Content-Type", "text/plain").send(operation.method(), path, "x"),
            415);
        Answer wrong = all.send(operation.method(), path, "7");
        if (wrong.status() != 404) {
          shaped(operation, wrong, 422);
          assertThat(wrong.json().path("errors")).isNotEmpty();
          wrong
              .json()
              .path("errors")
              .forEach(error -> assertThat(error.propertyNames()).contains("location", "message"));
        }
      }
    }
    assertThat(bodies).isGreaterThan(20);
  }

  private static String own(Client client) {
    return client.get("/my/me").expect(200).json().path("default_project_id").asString();
  }

  @Test
  void every_post_that_creates_or_executes_documents_its_key() {
    assertThat(operations())
        .filteredOn(one -> one.method().equals("POST") && !one.takes("Idempotency-Key"))
        .extracting(Operation::toString)
        .containsExactlyInAnyOrderElementsOf(REPEATABLE);
    assertThat(operations())
        .filteredOn(
            one -> one.path().matches(".*/chat/.*/(message|edit|retry)") && !one.takes("Prefer"))
        .isEmpty();
  }

  @TestFactory
  Stream<DynamicTest> a_repeated_key_has_one_effect_and_the_first_answer() {
    return RouteCatalogue.mine(WORLD).stream()
        .filter(route -> route.method().equals("POST") && !REPEATABLE.contains(route.toString()))
        .map(route -> DynamicTest.dynamicTest(route.toString(), () -> repeated(route)));
  }

  private static void repeated(RouteCatalogue.Route route) {
    Estate own = Estate.of(WORLD);
    Row row = Objects.requireNonNull(Rows.ALL.get(route.key()));
    Function<Estate, Object> making = row.body();
    String path = route.path();
    for (String variable : route.variables()) {
      path = path.replace("{" + variable + "}", String.valueOf(own.ids().get(variable)));
    }
    Object body = making == null ? null : making.apply(own);
    Client keyed = own.client().with("Idempotency-Key", UUID.randomUUID().toString());

    Answer first = keyed.post(path, body);
    List<Long> before = totals(own);
    Answer second = keyed.post(path, body);

    assertThat(first.status()).as(first.body()).isIn(200, 201, 409);
    assertThat(first.header("Idempotency-Replayed")).isNull();
    assertThat(second.status()).isEqualTo(first.status());
    assertThat(totals(own)).isEqualTo(before);
    if (first.status() == 409) {
      // Nothing was done that could be done twice: the estate has no event that failed.
      return;
    }
    assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(second.json()).isEqualTo(first.json());
    Answer other = keyed.post(path, "{\"another\": true}");
    assertThat(other.status()).isEqualTo(409);
    assertThat(other.reason()).isEqualTo("idempotency");
  }

  /// How many things there are of each kind that a POST can make.
  private static List<Long> totals(Estate own) {
    String messages = "/my/chat/" + own.ids().get("session_id") + "/messages?include=superseded";
    return Stream.of(
            "/my/projects",
            "/my/agents",
            "/my/agents/" + own.ids().get("agent_id") + "/versions",
            "/my/chat/sessions",
            messages)
        .map(list -> own.client().get(list).expect(200).json().path("total").asLong())
        .toList();
  }

  @TestFactory
  Stream<DynamicTest> every_list_pages_and_names_what_it_does_not_know() {
    Estate own = Estate.of(WORLD);
    own.client().post("/my/chat/sessions", Map.of("title", own.mark() + "2")).expect(201);
    own.client().post("/my/projects", Map.of("name", "second")).expect(201);
    own.client()
        .patch("/my/agents/" + own.mark(), Map.of("config", Map.of("system_prompt", "Other")))
        .expect(200);
    return operations().stream()
        .filter(one -> one.method().equals("GET") && one.takes("limit"))
        .map(one -> DynamicTest.dynamicTest(one.toString(), () -> pages(one, own)));
  }

  private static void pages(Operation list, Estate own) {
    String path = list.path();
    for (var id : own.ids().entrySet()) {
      path = path.replace("{" + id.getKey() + "}", id.getValue());
    }
    String begin = path + (list.takes("q") ? "?q=" + own.mark() + "&" : "?");
    for (String bad : List.of("limit=0", "limit=101", "limit=x", "offset=-1", "order=sideways")) {
      shaped(list, own.client().get(begin + bad), 400);
    }
    for (String unknown : List.of("sort_by=nonsense", "nonsense=1")) {
      Answer refused = own.client().get(begin + unknown);
      shaped(list, refused, 400);
      assertThat(refused.json().path("error_code").asString()).isEqualTo("INVALID_FILTER");
      assertThat(refused.json().path("metadata").path("field").asString()).isEqualTo("nonsense");
    }
    JsonNode page = own.client().get(begin + "limit=1").expect(200).json();
    assertThat(page.propertyNames())
        .contains(
            "total",
            "total_count",
            "limit",
            "offset",
            "has_next",
            "next_url",
            "prev_url",
            "next_cursor");
    long total = page.path("total").asLong();
    var seen = new HashSet<String>();
    int pages = 0;
    while (true) {
      assertThat(page.path("total_count")).isEqualTo(page.path("total"));
      assertThat(page.path("limit").intValue()).isEqualTo(1);
      JsonNode array = page.valueStream().filter(JsonNode::isArray).findFirst().orElseThrow();
      array.forEach(item -> assertThat(seen.add(item.toString())).isTrue());
      pages++;
      assertThat(page.path("has_next").asBoolean()).isEqualTo(page.path("next_url").isString());
      if (!page.path("has_next").asBoolean()) {
        break;
      }
      page = own.client().get(page.path("next_url").asString()).expect(200).json();
    }
    assertThat(seen).hasSize((int) total);
    assertThat(pages).isEqualTo((int) Math.max(1, total));
    if (pages > 1) {
      assertThat(page.path("prev_url").isString()).isTrue();
    }
  }

  @Test
  @Accepts("S19.12")
  void every_answer_of_every_route_protects_who_reads_it() {
    Client user = WORLD.user().with("Accept", "application/json");
    for (Operation operation : operations()) {
      protects(operation, WORLD.stranger().send(operation.method(), operation.unknown(), null));
      protects(operation, user.send(operation.method(), operation.unknown(), null));
    }
  }

  private static void protects(Operation operation, Answer answer) {
    assertThat(answer.header("X-Content-Type-Options"))
        .as(operation.toString())
        .isEqualTo("nosniff");
    assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
    assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
    assertThat(answer.header("Permissions-Policy")).contains("camera=()", "microphone=()");
    assertThat(answer.header("Content-Security-Policy"))
        .contains("default-src 'none'", "frame-ancestors 'none'");
  }

  @Test
  @Accepts("S19.6")
  void every_route_is_limited_and_the_probes_alone_are_not() {
    try (World narrow =
        World.start(Map.of("ARTEL_RATE_LIMIT_PER_MINUTE", "1", "ARTEL_RATE_LIMIT_BURST", "0"))) {
      for (Operation operation : operations()) {
        if (operation.path().equals("/health") || operation.path().equals("/ready")) {
          assertThat(narrow.stranger().get(operation.path()).header("X-RateLimit-Limit")).isNull();
          continue;
        }
        String path = operation.unknown();
        assertThat(
                narrow
                    .stranger()
                    .send(operation.method(), path, null)
                    .header("X-RateLimit-Remaining"))
            .as("%s without a token", operation)
            .isNotNull();
        if (operation.needs("/my") || operation.needs("/admin")) {
          Client user =
              (operation.needs("/admin") ? narrow.admin() : narrow.user())
                  .with("Accept", "application/json");
          Answer first = user.send(operation.method(), path, null);
          assertThat(first.status()).as("%s first", operation).isNotEqualTo(429);
          if (HANDS_LIMIT.equals(first.header("X-RateLimit-Limit"))) {
            continue;
          }
          Answer second = user.send(operation.method(), path, null);
          shaped(operation, second, 429);
          assertThat(second.header("Retry-After")).isNotNull();
        }
      }
      Client reader = narrow.user();
      try (Lines first = reader.stream("/my/events");
          Lines second = reader.stream("/my/events")) {
        assertThat(List.of(first.status(), second.status())).containsExactly(200, 429);
      }
    }
  }
}
