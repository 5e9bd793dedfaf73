package dev.artel.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.acceptance.Accepts;
import dev.artel.http.Caller;
import dev.artel.http.Exchange;
import dev.artel.http.Violations;
import dev.artel.protocol.UserId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.HandlerMapping;

@Accepts("S2.6")
final class BreachWatchTest {
  private static final Map<String, String> HEADERS =
      Map.of(
          "Authorization", "Bearer hidden-token",
          "Cookie", "artel=hidden-cookie",
          "User-Agent", "curl/8");

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final BreachWatch watch = new BreachWatch(new Violations(meters));
  private final Caller owner = caller();
  private final Caller other = caller();
  private final String id = UUID.randomUUID().toString();

  private static Caller caller() {
    return new Caller(
        new UserId(UUID.randomUUID()), Set.of(), Set.of(), "jti-1", null, Instant.EPOCH);
  }

  private double counted() {
    return meters.get("isolation.violations").counter().count();
  }

  private void asked(@Nullable Caller who, String path, String value, int status) {
    asked(who, path, value, status, null);
  }

  private void asked(
      @Nullable Caller who, String path, String value, int status, @Nullable Exception failure) {
    Map<Object, @Nullable Object> attributes = new HashMap<>();
    attributes.put(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE, Map.of("project_id", value));
    attributes.put(DispatcherServlet.EXCEPTION_ATTRIBUTE, failure);
    attributes.put(
        Exchange.class.getName(), new Exchange("request-1", "trace-1", "192.0.2.7", true));
    var request =
        (HttpServletRequest)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (_, called, arguments) ->
                    switch (called.getName()) {
                      case "getMethod" -> "GET";
                      case "getRequestURI" -> path;
                      case "getQueryString" -> "limit=5&token=hidden-query&bare";
                      case "getHeaderNames" -> Collections.enumeration(HEADERS.keySet());
                      case "getHeaders" ->
                          Collections.enumeration(
                              List.of(String.valueOf(HEADERS.get(arguments[0]))));
                      case "getAttribute" -> attributes.get(arguments[0]);
                      case "setAttribute" -> attributes.put(arguments[0], arguments[1]);
                      default -> throw new UnsupportedOperationException(called.getName());
                    });
    if (who != null) {
      who.carriedBy(request);
    }
    var response =
        (HttpServletResponse)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {HttpServletResponse.class},
                (_, _, _) -> status);
    watch.afterCompletion(request, response, new Object(), null);
  }

  @Test
  void asking_for_an_id_that_was_served_to_someone_else_is_a_sign() {
    asked(owner, "/my/projects/x", id, 200);
    try (var log = Captured.of(Violations.class)) {
      asked(other, "/my/projects/x", id, 404);
      assertThat(counted()).isEqualTo(1);
      assertThat(log.only(id))
          .startsWith("ERROR suspected breach of isolation")
          .contains(
              "severity=critical",
              "[CRITICAL]",
              "what=asked for another user's id",
              "user_id=" + other.user(),
              "token_id=jti-1",
              "method=GET",
              "path=/my/projects/x",
              "client_ip=192.0.2.7",
              "query={bare=[***], limit=[5], token=[***]}",
              "Authorization=[***]",
              "Cookie=[***]",
              "User-Agent=[curl/8]")
          .doesNotContain("hidden");
    }
  }

  @Test
  void asking_for_what_is_ones_own_or_unknown_is_none() {
    asked(owner, "/my/projects/x", id, 200);
    asked(owner, "/my/projects/x", id, 404);
    asked(other, "/my/projects/x", UUID.randomUUID().toString(), 404);
    asked(other, "/my/projects/x", "agent name", 404);
    asked(other, "/my/projects/x", id, 403);
    asked(other, "/elsewhere/x", id, 404);
    asked(null, "/my/projects/x", id, 404);
    assertThat(counted()).isZero();
  }

  @Test
  void an_answer_that_failed_makes_nobody_an_owner() {
    asked(owner, "/my/projects/x", id, 404);
    asked(owner, "/my/projects/x", id, 422);
    asked(owner, "/admin/users/x", id, 204);
    asked(other, "/my/projects/x", id, 404);
    assertThat(counted()).isZero();
  }

  @Test
  void a_statement_that_postgresql_refused_by_policy_is_a_sign() {
    var refused = new IllegalStateException(new SQLException("row-level security", "42501"));
    asked(owner, "/my/projects/x", id, 500, refused);
    assertThat(counted()).isEqualTo(1);
    asked(
        owner,
        "/my/projects/x",
        id,
        500,
        new IllegalStateException(new SQLException("x", "23505")));
    asked(owner, "/my/projects/x", id, 500, new IllegalStateException("x"));
    assertThat(counted()).isEqualTo(1);
  }
}
