package dev.artel.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.acceptance.Accepts;
import dev.artel.protocol.UserId;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CrossOriginTest {
  private static final String FRIEND = "http://localhost:3000";
  private static final String STRANGER = "http://localhost:3001";

  private final EdgeServer server =
      EdgeServer.start(
          EdgeServer.settings(
              false,
              Set.of("127.0.0.1"),
              List.of(Network.parse("127.0.0.0/8")),
              HttpSettings.Cors.of(List.of(FRIEND)),
              HttpSettings.Rates.LOCAL));
  private final UserId user = new UserId(UUID.randomUUID());

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  @Accepts("S13.12")
  void a_page_of_an_allowed_origin_completes_a_preflight_calls_and_reads_errors() throws Exception {
    HttpResponse<String> preflight = preflight("/my/things", FRIEND);
    HttpResponse<String> call =
        server.send(server.request("/my/things", user).header("Origin", FRIEND));
    HttpResponse<String> refused =
        server.send(server.request("/my/things").header("Origin", FRIEND));

    assertThat(preflight.statusCode()).isEqualTo(204);
    assertThat(header(preflight, "Access-Control-Allow-Origin")).isEqualTo(FRIEND);
    assertThat(header(preflight, "Access-Control-Allow-Methods")).contains("PATCH");
    assertThat(header(preflight, "Access-Control-Allow-Headers")).isEqualTo("authorization,x-odd");
    assertThat(header(preflight, "Access-Control-Allow-Credentials")).isEqualTo("true");
    assertThat(call.statusCode()).isEqualTo(200);
    assertThat(refused.statusCode()).isEqualTo(401);
    for (HttpResponse<String> answer : List.of(call, refused)) {
      assertThat(header(answer, "Access-Control-Allow-Origin")).isEqualTo(FRIEND);
      assertThat(header(answer, "Access-Control-Expose-Headers")).contains("X-RateLimit-Remaining");
      assertThat(header(answer, "Vary")).contains("Origin");
    }

    for (HttpResponse<String> answer :
        List.of(
            preflight("/my/things", STRANGER),
            server.send(server.request("/my/things", user).header("Origin", STRANGER)),
            server.send(server.request("/my/things").header("Origin", "null")))) {
      assertThat(answer.headers().map().keySet())
          .noneMatch(name -> name.startsWith("access-control-"));
    }
  }

  @Test
  void every_kind_of_error_can_be_read_from_an_allowed_origin() throws Exception {
    for (HttpRequest.Builder request :
        List.of(
            server.request("/nothing"),
            server.request("/my/things/x", user),
            server.request("/my/broken", user),
            server.request("/open").header("X-Fail-Filter", "1"),
            server.request("/my/things", user).DELETE(),
            EdgeServer.post(server.request("/my/echo", user), "{"))) {
      HttpResponse<String> answer = server.send(request.header("Origin", FRIEND));

      assertThat(answer.statusCode()).isGreaterThanOrEqualTo(400);
      assertThat(header(answer, "Access-Control-Allow-Origin")).isEqualTo(FRIEND);
    }
  }

  @Test
  void sign_in_is_never_shared_with_another_origin() throws Exception {
    for (HttpResponse<String> answer :
        List.of(
            preflight("/auth/config", FRIEND),
            server.send(server.request("/auth/config").header("Origin", FRIEND)))) {
      assertThat(answer.headers().map().keySet())
          .noneMatch(name -> name.startsWith("access-control-"));
    }
  }

  @Test
  void production_mode_answers_only_under_its_own_names() throws Exception {
    assertThat(raw("127.0.0.1").status()).isEqualTo(200);
    assertThat(raw("127.0.0.1:8443").status()).isEqualTo(200);
    assertThat(raw("evil.example").status()).isEqualTo(421);
  }

  @Test
  void hsts_is_sent_when_a_trusted_proxy_says_that_the_client_came_by_tls() throws Exception {
    HttpResponse<String> tls =
        server.send(server.request("/open").header("X-Forwarded-Proto", "https"));

    assertThat(header(tls, "Strict-Transport-Security")).startsWith("max-age=");
    assertThat(header(server.send(server.request("/open")), "Strict-Transport-Security")).isEmpty();
  }

  private EdgeServer.RawAnswer raw(String host) throws Exception {
    return server.raw("GET /open HTTP/1.1\nHost: " + host + "\nConnection: close\n\n");
  }

  private HttpResponse<String> preflight(String path, String origin) throws Exception {
    return server.send(
        server
            .request(path)
            .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
            .header("Origin", origin)
            .header("Access-Control-Request-Method", "PATCH")
            .header("Access-Control-Request-Headers", "authorization,x-odd"));
  }

  private static String header(HttpResponse<String> answer, String name) {
    return String.join(", ", answer.headers().allValues(name));
  }
}
