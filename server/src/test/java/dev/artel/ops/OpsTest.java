package dev.artel.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.artel.base.Fault;
import dev.artel.http.Draining;
import dev.artel.http.HealthSource;
import dev.artel.testing.Answer;
import dev.artel.testing.World;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class OpsTest {
  private final World world = World.shared();

  @Test
  void health_tells_that_the_process_lives_and_counts_workspaces() {
    Answer health = world.stranger().get("/health").expect(200);

    assertThat(health.json().get("status").asString()).isEqualTo("ok");
    assertThat(health.json().get("workspaces").propertyNames())
        .containsExactlyInAnyOrder("active", "healthy", "degraded", "unhealthy");
  }

  @Test
  void ready_names_what_it_has_checked() {
    Answer ready = world.stranger().get("/ready").expect(200);

    assertThat(ready.json().get("status").asString()).isEqualTo("ready");
    assertThat(ready.json().get("checks").get("postgresql").asString()).isEqualTo("ok");
    assertThat(ready.json().get("checks").get("schema").asString()).isEqualTo("ok");
    assertThat(ready.json().get("degraded").isArray()).isTrue();
  }

  @Test
  void a_degraded_part_keeps_it_ready_and_a_failed_one_does_not() throws Exception {
    var degraded =
        new Readiness(
            List.of(
                part("postgresql", HealthSource.State.well()),
                part("model", HealthSource.State.degraded("does not answer"))),
            new Draining());
    assertThat(degraded.check())
        .isEqualTo(
            new Readiness.Ready(
                "ready", List.of("model"), Map.of("postgresql", "ok", "model", "does not answer")));

    var failed =
        new Readiness(
            List.of(
                part("postgresql", HealthSource.State.failed("does not answer")), broken("model")),
            new Draining());
    Fault fault = catchThrowableOfType(Fault.class, failed::check);
    assertThat(fault.metadata()).containsEntry("failed", List.of("postgresql", "model"));
    assertThat(fault.retryAfter()).isNotNull();
  }

  @Test
  void a_part_that_hangs_is_not_waited_for() throws Exception {
    var never = new CountDownLatch(1);
    var hanging =
        new HealthSource() {
          @Override
          public String part() {
            return "hanging";
          }

          @Override
          public State state() {
            try {
              never.await();
            } catch (InterruptedException _) {
              Thread.currentThread().interrupt();
            }
            return State.well();
          }
        };
    Fault fault =
        catchThrowableOfType(
            Fault.class, () -> new Readiness(List.of(hanging), new Draining()).check());
    assertThat(fault.metadata()).containsEntry("failed", List.of("hanging"));
  }

  private static HealthSource part(String name, HealthSource.State state) {
    return new HealthSource() {
      @Override
      public String part() {
        return name;
      }

      @Override
      public State state() {
        return state;
      }
    };
  }

  private static HealthSource broken(String name) {
    return new HealthSource() {
      @Override
      public String part() {
        return name;
      }

      @Override
      public State state() {
        throw new IllegalStateException("no address of it must show");
      }
    };
  }

  @Test
  void while_draining_it_is_not_ready_and_goes_on_serving() {
    try (World own = World.start(Map.of())) {
      own.stranger().get("/ready").expect(200);
      own.door(Draining.class).begin();

      Answer ready = own.stranger().get("/ready").expect(503);
      assertThat(ready.json().get("metadata").get("failed").get(0).asString())
          .isEqualTo("draining");
      assertThat(ready.json().get("error_code").asString()).isEqualTo("SERVICE_UNAVAILABLE");
      assertThat(ready.header("Retry-After")).isNotNull();
      own.stranger().get("/health").expect(200);
    }
  }

  @Test
  void a_browser_is_sent_to_the_user_interface_and_others_get_json() {
    Answer json = world.stranger().get("/").expect(200);
    assertThat(json.json().get("name").asString()).isEqualTo("Artel");
    assertThat(json.json().get("status").asString()).isEqualTo("running");

    Answer page = world.stranger().with("Accept", "text/html,*/*").get("/").expect(302);
    assertThat(page.header("Location")).isEqualTo("/app/");
  }

  @Test
  void metrics_are_told_in_local_mode_and_name_requests_and_pool() {
    world.stranger().get("/health").expect(200);

    String text = world.stranger().get("/metrics").expect(200).body();

    assertThat(text)
        .contains(
            "http_requests_total{method=\"GET\",route=\"/health\",status=\"200\"}",
            "http_request_duration_seconds_count",
            "db_connection_pool_size ",
            "db_connection_pool_available ");
  }

  @Test
  void the_management_port_answers_metrics_and_nothing_else() throws Exception {
    var meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    meters.counter("probe").increment();
    try (var port =
            ManagementPort.open(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), meters);
        var client = HttpClient.newHttpClient()) {
      HttpResponse<String> scrape = get(client, port.port(), "/metrics");
      assertThat(scrape.statusCode()).isEqualTo(200);
      assertThat(scrape.body()).contains("probe_total 1.0");
      assertThat(get(client, port.port(), "/health").statusCode()).isEqualTo(404);
    }
  }

  private static HttpResponse<String> get(HttpClient client, int port, String path)
      throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
