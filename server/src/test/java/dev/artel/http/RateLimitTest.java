package dev.artel.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.protocol.UserId;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class RateLimitTest {
  private static final HttpSettings.Rates SMALL = new HttpSettings.Rates(10, 2, 4, 2);

  private final UserId user = new UserId(UUID.randomUUID());

  @Test
  void a_user_has_limit_and_burst_and_is_then_told_when_to_come_back() throws Exception {
    try (var server = EdgeServer.start(EdgeServer.local(SMALL))) {
      for (int i = 1; i <= 12; i++) {
        HttpResponse<String> answer = server.send(server.request("/my/things", user));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "X-RateLimit-Limit")).isEqualTo("10");
        assertThat(header(answer, "X-RateLimit-Remaining")).isEqualTo(Integer.toString(12 - i));
        assertThat(Integer.parseInt(header(answer, "X-RateLimit-Reset"))).isBetween(1, 60);
      }
      HttpResponse<String> refused = server.send(server.request("/my/nothing", user));

      assertThat(refused.statusCode()).isEqualTo(429);
      EdgeTest.assertError(refused, "RATE_LIMITED");
      assertThat(Integer.parseInt(header(refused, "Retry-After"))).isBetween(1, 60);
      assertThat(header(refused, "X-RateLimit-Remaining")).isEqualTo("0");

      UserId other = new UserId(UUID.randomUUID());
      assertThat(server.send(server.request("/my/things", other)).statusCode()).isEqualTo(200);
      HttpResponse<String> hands = server.send(server.request("/my/runners", user));
      assertThat(hands.statusCode()).isEqualTo(200);
      assertThat(header(hands, "X-RateLimit-Limit")).isEqualTo("1200");
      assertThat(server.send(server.request("/health")).headers().map())
          .doesNotContainKey("x-ratelimit-limit");
    }
  }

  @Test
  void without_burst_the_request_after_the_limit_is_refused() throws Exception {
    try (var server = EdgeServer.start(EdgeServer.local(new HttpSettings.Rates(3, 0, 60, 10)))) {
      for (int i = 0; i < 3; i++) {
        assertThat(server.send(server.request("/my/things", user)).statusCode()).isEqualTo(200);
      }
      assertThat(server.send(server.request("/my/things", user)).statusCode()).isEqualTo(429);
    }
  }

  @Test
  void calls_without_a_valid_token_are_counted_by_address() throws Exception {
    try (var server = EdgeServer.start(EdgeServer.local(SMALL))) {
      var statuses =
          List.of(
              server.send(server.request("/my/things")).statusCode(),
              server
                  .send(server.request("/my/things").header("Authorization", "Bearer x"))
                  .statusCode(),
              server.send(server.request("/open")).statusCode(),
              server.send(server.request("/nothing")).statusCode(),
              server
                  .send(server.request("/my/things").header("Authorization", "Bearer x"))
                  .statusCode(),
              server.send(server.request("/open")).statusCode());
      HttpResponse<String> signIn = server.send(server.request("/auth/config"));

      assertThat(statuses).containsExactly(401, 401, 200, 404, 429, 429);
      assertThat(signIn.statusCode()).isEqualTo(200);
      assertThat(header(signIn, "X-RateLimit-Limit")).isEqualTo("2");
      assertThat(server.send(server.request("/my/things", user)).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void the_client_is_who_stands_before_the_last_trusted_proxy() throws Exception {
    var settings =
        EdgeServer.settings(
            false,
            Set.of(),
            List.of(Network.parse("127.0.0.1"), Network.parse("10.0.0.0/8")),
            EdgeServer.NO_ORIGINS,
            SMALL);
    try (var server = EdgeServer.start(settings)) {
      for (int i = 0; i < 4; i++) {
        String spoofed = "1.1.1.%d, 203.0.113.7, 10.1.2.3".formatted(i);
        assertThat(forwarded(server, spoofed)).isEqualTo(200);
      }
      assertThat(forwarded(server, "9.9.9.9, 203.0.113.7, 10.1.2.3")).isEqualTo(429);
      assertThat(forwarded(server, "203.0.113.8")).isEqualTo(200);
    }
  }

  @Test
  void a_stranger_cannot_choose_their_address() throws Exception {
    try (var server = EdgeServer.start(EdgeServer.local(SMALL))) {
      for (int i = 0; i < 4; i++) {
        assertThat(forwarded(server, "203.0.113." + i)).isEqualTo(200);
      }
      assertThat(forwarded(server, "203.0.113.99")).isEqualTo(429);
    }
  }

  private static int forwarded(EdgeServer server, String hops) throws Exception {
    return server.send(server.request("/open").header("X-Forwarded-For", hops)).statusCode();
  }

  @Test
  void a_heavy_route_has_twenty_a_minute() throws Exception {
    try (var server = EdgeServer.local()) {
      for (int i = 0; i < 20; i++) {
        assertThat(server.send(server.request("/my/heavy", user)).statusCode()).isEqualTo(200);
      }
      HttpResponse<String> refused = server.send(server.request("/my/heavy", user));
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(header(refused, "X-RateLimit-Limit")).isEqualTo("20");
    }
  }

  @Test
  void zero_lifts_every_limit() throws Exception {
    try (var server = EdgeServer.start(EdgeServer.local(new HttpSettings.Rates(0, 20, 4, 2)))) {
      for (int i = 0; i < 25; i++) {
        HttpResponse<String> answer = server.send(server.request("/my/heavy", user));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().map()).doesNotContainKey("x-ratelimit-limit");
        assertThat(server.send(server.request("/auth/config")).statusCode()).isEqualTo(200);
      }
    }
  }

  @Test
  void a_window_begins_with_its_first_request_and_not_on_the_clock() {
    var nanos = new AtomicLong(17);
    var windows = new InProcessWindows(nanos::get);
    Duration minute = Duration.ofMinutes(1);

    assertThat(windows.count("a", minute)).isEqualTo(new Windows.Window(1, minute));
    nanos.addAndGet(Duration.ofSeconds(59).toNanos());
    assertThat(windows.count("a", minute)).isEqualTo(new Windows.Window(2, Duration.ofSeconds(1)));
    assertThat(windows.count("b", minute)).isEqualTo(new Windows.Window(1, minute));
    nanos.addAndGet(Duration.ofSeconds(31).toNanos());
    assertThat(windows.count("a", minute)).isEqualTo(new Windows.Window(1, minute));
    assertThat(windows.count("b", minute)).isEqualTo(new Windows.Window(2, Duration.ofSeconds(29)));
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }
}
