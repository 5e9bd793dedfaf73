package dev.artel.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.acceptance.Accepts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RawRequestTest {
  private final EdgeServer server = EdgeServer.local();
  private final String token = UUID.randomUUID().toString();

  @AfterAll
  void stop() {
    server.close();
  }

  /// No spelling of a guarded path reaches its handler without a token.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/my/things",
        "/my/things/",
        "//my/things",
        "/my//things",
        "/./my/things",
        "/x/../my/things",
        "/my/./things",
        "/%6dy/things",
        "/%6Dy/things",
        "/my%2fthings",
        "/my%2Fthings",
        "/my%5cthings",
        "/my\\things",
        "/my;a=b/things",
        ";/my/things",
        "/my/;/things",
        "/my/things;x",
        "/my/things%3bx",
        "/MY/things",
        "/My/Things",
        "/my./things",
        "/my/things.",
        "/my/%2e/things",
        "/my/%2e%2e/my/things",
        "/open/..;/my/things",
        "/open/%2e%2e/my/things",
        "/%2e/my/things",
        "/my/things%00",
        "/my/things%0d%0aX:y",
        "/my%20/things",
        "/ my/things",
        "/my/%ff",
        "/my/%zz",
        "/my/%",
        "/my/%252e%252e/x",
        "http://127.0.0.1/my/things",
        "*",
        "/my/things?access_token={token}",
        "/my/things#x"
      })
  void a_path_in_disguise_reaches_no_handler_without_a_token(String path) throws IOException {
    var answer = get(path.replace("{token}", token), "");

    assertThat(answer.status()).isIn(400, 401, 404, 421, 405);
    assertErrorShape(answer);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "//my/things",
        "/my//things",
        "/%6dy/things",
        "/my%2fthings",
        "/my;a=b/things",
        "/my/things;x",
        "/MY/things",
        "/my./things",
        "/my/things.",
        "/open/..;/my/things",
        "/my/%2e/things"
      })
  void and_with_a_token_it_is_no_path_of_ours_either(String path) throws IOException {
    var answer = get(path, "Authorization: Bearer " + token + "\n");

    assertThat(answer.status()).isIn(400, 404);
    assertErrorShape(answer);
  }

  @Test
  void a_token_in_query_or_cookie_counts_for_nothing() throws IOException {
    assertThat(get("/my/things?token=" + token, "Cookie: token=" + token + "\n").status())
        .isEqualTo(401);
  }

  @Test
  @Accepts("S19.7")
  void headers_beyond_the_limit_are_refused_with_431() throws IOException {
    var answer = get("/open", "X-Large: " + "a".repeat(20_000) + "\n");

    assertThat(answer.status()).isEqualTo(431);
    assertThat(answer.json().get("error_code").asString()).isEqualTo("HEADERS_TOO_LARGE");
    assertErrorShape(answer);
  }

  @Test
  @Accepts("S19.7")
  void a_url_beyond_the_limit_is_refused_with_431() throws IOException {
    var answer = get("/open?x=" + "a".repeat(20_000), "");

    assertThat(answer.status()).isEqualTo(431);
    assertErrorShape(answer);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NONSENSE\n\n",
        "GET /open HTTP/9.9\nHost: {host}\n\n",
        "GET /open HTTP/1.1\n\n",
        "GET /open HTTP/1.1\nHost: {host}\nHost: other\n\n",
        "GET /open HTTP/1.1\nHost: {host}\nBad Header: x\n\n",
        "POST /my/echo HTTP/1.1\nHost: {host}\nContent-Length: 5\nContent-Length: 6\n\nabcde",
        "POST /my/echo HTTP/1.1\nHost: {host}\nContent-Length: -1\n\n",
        "POST /my/echo HTTP/1.1\nHost: {host}\nTransfer-Encoding: nonsense\n\n",
      })
  void what_is_not_http_is_answered_in_the_shape_of_every_error(String request) throws IOException {
    var answer = server.raw(request);

    assertThat(answer.status()).isBetween(400, 505);
    assertErrorShape(answer);
  }

  @Test
  void an_unknown_method_is_405() throws IOException {
    var answer =
        server.raw(
            "BREW /my/things HTTP/1.1\nHost: {host}\nConnection: close\nAuthorization: Bearer "
                + token
                + "\n\n");

    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.headers().get("allow")).contains("GET");
    assertErrorShape(answer);
  }

  @Test
  @Accepts("S19.7")
  void a_chunked_body_ends_at_the_limit() throws IOException {
    byte[] chunk = new byte[64 * 1024];
    Arrays.fill(chunk, (byte) 'a');
    var body = new java.io.ByteArrayOutputStream();
    body.write("1\r\n\"\r\n".getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < 17; i++) {
      body.write("10000\r\n".getBytes(StandardCharsets.US_ASCII));
      body.write(chunk);
      body.write("\r\n".getBytes(StandardCharsets.US_ASCII));
    }
    body.write("1\r\n\"\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

    var answer =
        server.raw(
            "POST /my/echo HTTP/1.1\nHost: {host}\nConnection: close\nAuthorization: Bearer "
                + token
                + "\nContent-Type: application/json\nTransfer-Encoding: chunked\n\n",
            body.toByteArray());

    assertThat(answer.status()).isEqualTo(413);
    assertErrorShape(answer);
  }

  private EdgeServer.RawAnswer get(String path, String headers) throws IOException {
    return server.raw(
        "GET " + path + " HTTP/1.1\nHost: {host}\nConnection: close\n" + headers + "\n");
  }

  private static void assertErrorShape(EdgeServer.RawAnswer answer) {
    assertThat(answer.json().propertyNames())
        .as("body of %s", answer)
        .contains("detail", "error_code", "timestamp");
    assertThat(answer.headers())
        .containsEntry("x-content-type-options", "nosniff")
        .containsEntry("x-frame-options", "DENY")
        .containsKeys("x-request-id", "content-security-policy", "referrer-policy");
    assertThat(answer.headers().get("server")).isNull();
  }
}
