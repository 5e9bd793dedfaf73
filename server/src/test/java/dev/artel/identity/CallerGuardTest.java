package dev.artel.identity;

import static dev.artel.identity.Fixtures.reason;
import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.http.Caller;
import dev.artel.protocol.UserId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.core.MethodParameter;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.servlet.HandlerMapping;

/// The guard behind the routing must hold alone, as if the filter had been passed by.
final class CallerGuardTest {
  private final CallerGuard guard = new CallerGuard();
  private final Caller caller =
      new Caller(new UserId(UUID.randomUUID()), Set.of(), Set.of(), null, null, Instant.EPOCH);

  private String reachedBy(String pattern, @Nullable Caller who) {
    HttpServletRequest request = FakeRequest.to("GET", "/odd");
    request.setAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, pattern);
    if (who != null) {
      who.carriedBy(request);
    }
    return reason(() -> assertThat(guard.preHandle(request, response(), new Object())).isTrue());
  }

  private static HttpServletResponse response() {
    return (HttpServletResponse)
        Proxy.newProxyInstance(
            CallerGuardTest.class.getClassLoader(),
            new Class<?>[] {HttpServletResponse.class},
            (_, called, _) -> {
              throw new UnsupportedOperationException(called.getName());
            });
  }

  @Test
  void a_protected_route_is_not_reached_without_a_caller_whatever_path_led_there() {
    assertThat(reachedBy("/my/projects/{project_id}", null)).isEqualTo("missing");
    assertThat(reachedBy("/my/me", null)).isEqualTo("missing");
    assertThat(reachedBy("/admin/bus", null)).isEqualTo("missing");
    assertThat(reachedBy("/my/docs", null)).isEqualTo("accepted");
    assertThat(reachedBy("/my/openapi.json", null)).isEqualTo("accepted");
    assertThat(reachedBy("/health", null)).isEqualTo("accepted");
    assertThat(reachedBy("/my/me", caller)).isEqualTo("accepted");
  }

  @Test
  void an_administrators_route_is_not_reached_without_the_role() {
    assertThat(reachedBy("/admin/bus", caller)).isEqualTo("FORBIDDEN");
    assertThat(
            reachedBy(
                "/admin/bus",
                new Caller(
                    caller.user(), Set.of("system_admin"), Set.of(), null, null, Instant.EPOCH)))
        .isEqualTo("accepted");
  }

  @Test
  void a_handler_that_matches_no_pattern_is_left_to_others() {
    assertThat(reason(() -> guard.preHandle(FakeRequest.to("GET", "/x"), response(), new Object())))
        .isEqualTo("accepted");
  }

  @SuppressWarnings("unused")
  private static void handler(Caller caller, String other) {}

  @Test
  void a_handler_that_asks_for_a_caller_gets_one_or_is_not_called() throws Exception {
    var method = CallerGuardTest.class.getDeclaredMethod("handler", Caller.class, String.class);
    assertThat(guard.supportsParameter(new MethodParameter(method, 0))).isTrue();
    assertThat(guard.supportsParameter(new MethodParameter(method, 1))).isFalse();

    HttpServletRequest request = FakeRequest.to("GET", "/anything");
    var parameter = new MethodParameter(method, 0);
    assertThat(
            reason(
                () -> guard.resolveArgument(parameter, null, new ServletWebRequest(request), null)))
        .isEqualTo("missing");
    caller.carriedBy(request);
    assertThat(guard.resolveArgument(parameter, null, new ServletWebRequest(request), null))
        .isSameAs(caller);
  }
}
