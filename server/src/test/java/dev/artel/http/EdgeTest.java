package dev.artel.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.acceptance.Accepts;
import dev.artel.protocol.ErrorCode;
import dev.artel.protocol.UserId;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class EdgeTest {
  private final EdgeServer server = EdgeServer.local();
  private final UserId user = new UserId(UUID.randomUUID());

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void a_sane_request_id_is_echoed_and_any_other_is_replaced() throws Exception {
    assertThat(requestId("abc-1.2_3")).isEqualTo("abc-1.2_3");
    assertThat(requestId("a b")).isNotEqualTo("a b");
    assertThat(requestId("x".repeat(129))).hasSize(36);
    assertThat(header(server.send(server.request("/open")), "X-Request-ID")).hasSize(36);
  }

  private String requestId(String given) throws Exception {
    return header(
        server.send(server.request("/open").header("X-Request-ID", given)), "X-Request-ID");
  }

  @Test
  @Accepts("S19.12")
  void every_answer_carries_the_security_headers_and_hsts_only_on_tls() throws Exception {
    for (String path : List.of("/open", "/my/things", "/nothing", "/app/", "/health")) {
      HttpResponse<String> answer = server.send(server.request(path));

      assertThat(answer.headers().map())
          .as(path)
          .containsEntry("x-content-type-options", List.of("nosniff"))
          .containsEntry("x-frame-options", List.of("DENY"))
          .containsEntry("referrer-policy", List.of("no-referrer"))
          .containsKeys("permissions-policy", "content-security-policy")
          .doesNotContainKeys("strict-transport-security", "server");
    }
    assertThat(header(server.send(server.request("/app/x")), "Content-Security-Policy"))
        .contains("require-trusted-types-for 'script'")
        .doesNotContain("unsafe");
  }

  @ParameterizedTest
  @CsvSource({
    "localhost:{port},200",
    "127.0.0.1:{port},200",
    "[::1]:{port},200",
    "LOCALHOST:{port},200",
    "localhost,421",
    "localhost:1,421",
    "evil.example:{port},421",
    "localhost.evil.example:{port},421",
    "127.0.0.1.nip.io:{port},421",
  })
  void local_mode_answers_only_loopback_names_of_its_own_port(String host, int status)
      throws Exception {
    var answer =
        server.raw(
            "GET /open HTTP/1.1\nHost: %s\nConnection: close\n\n"
                .formatted(host.replace("{port}", Integer.toString(server.port()))));

    assertThat(answer.status()).isEqualTo(status);
    if (status == 421) {
      assertThat(answer.json().get("error_code").asString()).isEqualTo("MISDIRECTED_REQUEST");
    }
  }

  @Test
  @Accepts("S2.5")
  void a_filter_that_fails_shows_no_internals() throws Exception {
    HttpResponse<String> answer = server.send(server.request("/open").header("X-Fail-Filter", "1"));

    assertThat(answer.statusCode()).isEqualTo(500);
    assertError(answer, "INTERNAL_ERROR");
    assertThat(answer.body()).doesNotContain("secret", "IllegalState");
  }

  @Test
  @Accepts("S4.9")
  void a_handler_that_fails_shows_no_internals() throws Exception {
    HttpResponse<String> answer = server.send(server.request("/my/broken", user));

    assertThat(answer.statusCode()).isEqualTo(500);
    assertError(answer, "INTERNAL_ERROR");
    assertThat(answer.body()).doesNotContain("hunter2");
  }

  @Test
  @Accepts("S13.9")
  void every_code_has_its_status_and_the_one_shape() throws Exception {
    var statuses = new TreeSet<Integer>();
    for (ErrorCode code : ErrorCode.values()) {
      HttpResponse<String> answer = server.send(server.request("/my/faults/" + code, user));

      assertThat(answer.statusCode()).as(code.name()).isEqualTo(Statuses.of(code));
      assertError(answer, code.name());
      statuses.add(answer.statusCode());
    }
    assertThat(statuses)
        .contains(
            400, 401, 403, 404, 405, 409, 410, 412, 413, 415, 421, 422, 429, 431, 500, 503, 504);
  }

  @Test
  void every_path_answers_alike_with_a_slash_at_its_end() throws Exception {
    UUID id = UUID.randomUUID();
    for (String path : List.of("/my/things", "/my/things/" + id, "/open", "/health")) {
      HttpResponse<String> plain = server.send(server.request(path, user));
      HttpResponse<String> slashed = server.send(server.request(path + "/", user));

      assertThat(plain.statusCode()).as(path).isEqualTo(200);
      assertThat(slashed.statusCode()).as(path).isEqualTo(200);
      assertThat(slashed.body()).isEqualTo(plain.body());
    }
    assertThat(server.send(EdgeServer.post(server.request("/my/echo/", user), "[1]")).statusCode())
        .isEqualTo(200);
  }

  @Test
  void a_wrong_method_is_405_and_names_the_right_ones() throws Exception {
    HttpResponse<String> answer = server.send(server.request("/my/things", user).DELETE());

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(header(answer, "Allow")).contains("GET");
    assertError(answer, "METHOD_NOT_ALLOWED");
  }

  @Test
  void a_malformed_id_in_a_path_is_404_like_an_unknown_path() throws Exception {
    HttpResponse<String> malformed = server.send(server.request("/my/things/seven", user));
    HttpResponse<String> unknown = server.send(server.request("/my/nothing", user));

    assertThat(List.of(malformed.statusCode(), unknown.statusCode())).containsExactly(404, 404);
    assertThat(withoutTime(malformed)).isEqualTo(withoutTime(unknown));
  }

  private static JsonNode withoutTime(HttpResponse<String> answer) {
    return ((tools.jackson.databind.node.ObjectNode) EdgeServer.json(answer)).without("timestamp");
  }

  @Test
  void a_body_of_another_type_is_415() throws Exception {
    HttpResponse<String> answer =
        server.send(
            server
                .request("/my/echo", user)
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString("x")));

    assertThat(answer.statusCode()).isEqualTo(415);
    assertError(answer, "UNSUPPORTED_MEDIA_TYPE");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "{\"name\": }", "nonsense", "{\"name\": \"x\"} trailing"})
  void a_body_that_is_not_json_is_400(String body) throws Exception {
    HttpResponse<String> answer =
        server.send(EdgeServer.post(server.request("/my/projects", user), body));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertError(answer, "BAD_REQUEST");
  }

  @Test
  @Accepts("S19.7")
  void json_that_is_too_deep_or_has_too_many_values_is_400() throws Exception {
    String deep = "[".repeat(100) + "]".repeat(100);
    String wide = "[" + "1,".repeat(200_000) + "1]";

    for (String body : List.of(deep, wide)) {
      HttpResponse<String> answer =
          server.send(EdgeServer.post(server.request("/my/echo", user), body));
      assertThat(answer.statusCode()).isEqualTo(400);
      assertError(answer, "BAD_REQUEST");
    }
  }

  @Test
  void a_violated_constraint_is_422_with_its_place() throws Exception {
    HttpResponse<String> tooLong =
        server.send(
            EdgeServer.post(
                server.request("/my/projects", user),
                "{\"name\": \"%s\"}".formatted("x".repeat(21))));
    HttpResponse<String> wrongType =
        server.send(EdgeServer.post(server.request("/my/projects", user), "{\"name\": 7}"));

    for (HttpResponse<String> answer : List.of(tooLong, wrongType)) {
      assertThat(answer.statusCode()).isEqualTo(422);
      assertError(answer, "VALIDATION_ERROR");
      JsonNode first = EdgeServer.json(answer).get("errors").get(0);
      assertThat(first.get("location").asString()).isEqualTo("/name");
      assertThat(first.propertyNames()).contains("message", "type");
    }
  }

  @Test
  @Accepts("S19.7")
  void a_body_beyond_a_mebibyte_is_413_unless_the_route_takes_more() throws Exception {
    String body = "\"" + "a".repeat((1 << 20) - 1) + "\"";

    HttpResponse<String> refused =
        server.send(EdgeServer.post(server.request("/my/echo", user), body));
    HttpResponse<String> taken =
        server.send(EdgeServer.post(server.request("/my/large", user), body));

    assertThat(refused.statusCode()).isEqualTo(413);
    assertError(refused, "PAYLOAD_TOO_LARGE");
    assertThat(taken.statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "limit=0,BAD_REQUEST",
    "limit=101,BAD_REQUEST",
    "limit=x,BAD_REQUEST",
    "offset=-1,BAD_REQUEST",
    "order=up,BAD_REQUEST",
    "sort_by=password,INVALID_FILTER",
    "color=RED,INVALID_FILTER",
    "colour=GREEN,INVALID_FILTER",
    "user_id=1,INVALID_FILTER",
  })
  void a_list_refuses_what_it_does_not_know(String query, String code) throws Exception {
    HttpResponse<String> answer = server.send(server.request("/my/things?" + query, user));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertError(answer, code);
    assertThat(EdgeServer.json(answer).get("detail").asString())
        .contains(query.contains("sort_by") ? "password" : query.split("=", -1)[0]);
  }

  @ParameterizedTest
  @ValueSource(strings = {"limit=%FF", "%C0%AF=1", "colour=%ED%A0%80"})
  void a_query_that_is_no_utf_8_is_400(String query) throws Exception {
    HttpResponse<String> answer = server.send(server.request("/my/things?" + query, user));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertError(answer, "BAD_REQUEST");
  }

  @Test
  void a_list_knows_paging_and_its_own_filters() throws Exception {
    assertThat(
            server
                .send(
                    server.request(
                        "/my/things?limit=1&offset=0&sort_by=name&order=desc&colour=RED", user))
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void if_match_lets_only_the_present_version_through() throws Exception {
    assertThat(ifMatch(null)).isEqualTo(200);
    assertThat(ifMatch("\"v7\"")).isEqualTo(200);
    assertThat(ifMatch("\"v1\", \"v7\"")).isEqualTo(200);
    assertThat(ifMatch("*")).isEqualTo(200);
    assertThat(ifMatch("\"v6\"")).isEqualTo(412);
    assertThat(ifMatch("v7")).isEqualTo(412);
    assertThat(ifMatch("W/\"v7\"")).isEqualTo(412);
  }

  private int ifMatch(@org.jspecify.annotations.Nullable String value) throws Exception {
    HttpRequest.Builder request =
        server
            .request("/my/things/" + UUID.randomUUID(), user)
            .PUT(HttpRequest.BodyPublishers.noBody());
    if (value != null) {
      request.header("If-Match", value);
    }
    HttpResponse<String> answer = server.send(request);
    if (answer.statusCode() == 412) {
      assertThat(EdgeServer.json(answer).get("metadata").get("current").asInt()).isEqualTo(7);
    }
    return answer.statusCode();
  }

  @Test
  void requests_are_counted_by_route_and_never_by_what_is_in_a_path() throws Exception {
    UUID id = UUID.randomUUID();
    server.send(server.request("/my/things/" + id, user));
    server.send(server.request("/unheard/of/" + id));

    String scrape =
        server.bean(io.micrometer.prometheusmetrics.PrometheusMeterRegistry.class).scrape();
    assertThat(scrape)
        .contains(
            "http_requests_total{method=\"GET\",route=\"/my/things/{id}\",status=\"200\"}",
            "route=\"unmatched\"",
            "http_request_duration_seconds_bucket{method=\"GET\",route=\"/my/things/{id}\"")
        .doesNotContain(id.toString(), user.toString(), "unheard");
  }

  @Test
  void a_thousand_different_requests_make_no_more_series_than_one() throws Exception {
    var meters = server.bean(io.micrometer.core.instrument.MeterRegistry.class);
    server.send(server.request("/my/things/" + UUID.randomUUID(), user));
    server.send(server.request("/unknown/first"));
    int before = meters.getMeters().size();

    for (int i : IntStream.range(0, 50).toArray()) {
      server.send(server.request("/my/things/" + UUID.randomUUID(), user));
      server.send(server.request("/unknown/" + i));
    }

    assertThat(meters.getMeters()).hasSize(before);
  }

  static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  static void assertError(HttpResponse<String> answer, String code) {
    JsonNode body = EdgeServer.json(answer);
    assertThat(body.get("error_code").asString()).isEqualTo(code);
    assertThat(body.get("detail").asString()).isNotBlank();
    assertThat(java.time.Instant.parse(body.get("timestamp").asString())).isNotNull();
    assertThat(Stream.of(header(answer, "Content-Type")))
        .allMatch(t -> t.startsWith("application/json"));
  }
}
