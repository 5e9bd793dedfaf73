package dev.artel.http;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WebAppTest {
  private static final String PAGE = "<!doctype html><title>page</title>";
  private static final String SCRIPT = "/app/assets/main-abc123.js";

  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server);
  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeAll
  void start() throws Exception {
    connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
    server.addConnector(connector);
    var routes = new WebRoutes(new WebApp(WebAppTest.class.getClassLoader(), "webapp-probe/"));
    var context = new ServletContextHandler();
    context.addServlet(
        new ServletHolder(
            new jakarta.servlet.http.HttpServlet() {
              @Override
              protected void doGet(HttpServletRequest request, HttpServletResponse response)
                  throws IOException {
                routes.file(request, response);
              }
            }),
        "/*");
    server.setHandler(context);
    server.start();
  }

  @AfterAll
  void stop() throws Exception {
    client.close();
    server.stop();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/app",
        "/app/",
        "/app/chat/42",
        "/app/index.html",
        "/app/nothing.js",
        "/app/assets",
        "/app/assets/main-abc123.js.map",
        "/app/assets/main-abc123.js.br",
        "/app/assets/"
      })
  void what_names_no_file_is_answered_with_the_page_anew_each_time(String path) throws Exception {
    HttpResponse<String> answer = get(path, "identity");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(PAGE);
    assertThat(header(answer, "Content-Type")).isEqualTo("text/html;charset=utf-8");
    assertThat(header(answer, "Cache-Control")).isEqualTo("no-cache");
  }

  @ParameterizedTest
  @CsvSource({
    "br,br-bytes,br",
    "'gzip, br',br-bytes,br",
    "'gzip, br;q=0',gz-bytes,gzip",
    "gzip,gz-bytes,gzip",
    "'br;q=0.5',br-bytes,br",
    "identity,console.log(1),''",
    "brotli,console.log(1),''",
  })
  void the_best_accepted_coding_is_sent(String accepted, String body, String coding)
      throws Exception {
    HttpResponse<String> answer = get(SCRIPT, accepted);

    assertThat(answer.body()).isEqualTo(body);
    assertThat(header(answer, "Content-Encoding")).isEqualTo(coding);
    assertThat(header(answer, "Vary")).isEqualTo("Accept-Encoding");
    assertThat(header(answer, "Content-Type")).isEqualTo("text/javascript; charset=utf-8");
  }

  @Test
  void a_file_with_a_hash_in_its_name_is_kept_for_ever_and_others_are_asked_for_again()
      throws Exception {
    assertThat(header(get(SCRIPT, "br"), "Cache-Control")).contains("immutable");
    assertThat(header(get("/app/theme.css", "br"), "Cache-Control")).isEqualTo("no-cache");
  }

  @Test
  void what_the_browser_already_has_is_not_sent_again() throws Exception {
    String etag = header(get("/app/", "br"), "ETag");
    HttpResponse<String> again =
        client.send(
            request("/app/").header("If-None-Match", etag).build(),
            HttpResponse.BodyHandlers.ofString());

    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
  }

  private HttpResponse<String> get(String path, String coding) throws Exception {
    return client.send(
        request(path).header("Accept-Encoding", coding).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
        URI.create("http://127.0.0.1:" + connector.getLocalPort() + path));
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }
}
