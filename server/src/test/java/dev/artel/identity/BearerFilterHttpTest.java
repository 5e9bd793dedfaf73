package dev.artel.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.acceptance.Accepts;
import dev.artel.testing.Answer;
import dev.artel.testing.Client;
import dev.artel.testing.World;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The filter around the real service.
final class BearerFilterHttpTest {
  private final World world = World.shared();

  @Test
  void a_protected_path_needs_a_token_before_anything_else_is_looked_at() {
    Client stranger = world.stranger();
    assertThat(stranger.get("/my/me").status()).isEqualTo(401);
    assertThat(stranger.get("/my/nothing").status()).isEqualTo(401);
    assertThat(stranger.get("/my").status()).isEqualTo(401);
    assertThat(stranger.post("/my/me", "{not json").status()).isEqualTo(401);
    assertThat(stranger.with("Content-Type", "text/plain").post("/my/me", "x").status())
        .isEqualTo(401);
    assertThat(stranger.send("TRACE", "/my/me", null).status()).isIn(401, 405);
    assertThat(stranger.get("/admin/anything").status()).isEqualTo(401);

    Client user = world.user();
    assertThat(user.get("/my/me").status()).isEqualTo(200);
    assertThat(user.get("/my/me/").status()).isEqualTo(200);
    assertThat(user.get("/my/nothing").status()).isEqualTo(404);
    assertThat(user.get("/admin/anything").status()).isEqualTo(403);
    assertThat(world.admin().get("/admin/anything").status()).isEqualTo(404);
  }

  @Test
  @Accepts("S2.5")
  void a_refusal_names_its_reason_and_nothing_else() {
    Answer missing = world.stranger().get("/my/me");
    assertThat(missing.header("WWW-Authenticate")).isEqualTo("Bearer");
    assertThat(missing.json().path("detail").asString()).isEqualTo("Missing authorization token");
    assertThat(missing.json().path("error_code").asString()).isEqualTo("AUTH_ERROR");
    assertThat(missing.json().path("metadata").toString()).isEqualTo("{\"reason\":\"missing\"}");
    assertThat(Instant.parse(missing.json().path("timestamp").asString()))
        .isBeforeOrEqualTo(Instant.now());
    assertThat(names(missing))
        .containsExactlyInAnyOrder("detail", "error_code", "timestamp", "metadata");

    Answer malformed = world.stranger().with("Authorization", "Bearer nonsense").get("/my/me");
    assertThat(malformed.status()).isEqualTo(401);
    assertThat(malformed.header("WWW-Authenticate")).isEqualTo("Bearer");
    assertThat(malformed.json().path("detail").asString()).isEqualTo("Invalid or expired token");
    assertThat(malformed.reason()).isEqualTo("malformed");

    Answer forbidden = world.user().get("/admin/bus");
    assertThat(forbidden.status()).isEqualTo(403);
    assertThat(forbidden.json().path("error_code").asString()).isEqualTo("FORBIDDEN");
    assertThat(forbidden.header("WWW-Authenticate")).isNull();
    assertThat(names(forbidden)).containsExactlyInAnyOrder("detail", "error_code", "timestamp");
  }

  @Test
  @Accepts("S2.5")
  void an_expired_token_says_so() {
    IdentitySettings settings = world.door(IdentitySettings.class);
    String token =
        new TokenMint(
                DeveloperTokens.secrets(settings).getFirst(),
                settings,
                java.time.Clock.offset(java.time.Clock.systemUTC(), java.time.Duration.ofHours(-1)))
            .mint(
                new dev.artel.protocol.UserId(UUID.randomUUID()),
                Set.of(),
                Set.of(),
                java.time.Duration.ofMinutes(15));
    Answer expired = world.stranger().with("Authorization", "Bearer " + token).get("/my/me");
    assertThat(expired.status()).isEqualTo(401);
    assertThat(expired.json().path("detail").asString()).isEqualTo("Token expired");
    assertThat(expired.reason()).isEqualTo("expired");
  }

  private static Set<String> names(Answer answer) {
    return answer.json().properties().stream().map(Map.Entry::getKey).collect(Collectors.toSet());
  }

  @Test
  @Accepts("S2.2")
  void the_token_is_taken_from_one_bearer_header_and_from_nowhere_else() {
    String token = world.tokens().mint(world.user().user(), Set.of());
    Client stranger = world.stranger();
    assertThat(stranger.with("Authorization", "Bearer " + token).get("/my/me").status())
        .isEqualTo(200);
    assertThat(stranger.with("Authorization", "bearer  " + token).get("/my/me").status())
        .isEqualTo(200);
    for (String path :
        List.of(
            "/my/me?token=" + token,
            "/my/me?access_token=" + token,
            "/my/me?authorization=Bearer%20" + token)) {
      assertThat(stranger.get(path).reason()).isEqualTo("missing");
    }
    assertThat(stranger.with("Cookie", "access_token=" + token).get("/my/me").reason())
        .isEqualTo("missing");
    assertThat(stranger.with("X-Authorization", "Bearer " + token).get("/my/me").reason())
        .isEqualTo("missing");
    for (String header :
        List.of("Basic " + token, token, "Token " + token, "Bearer", "Bearer ", "Bearer" + token)) {
      assertThat(stranger.with("Authorization", header).get("/my/me").reason())
          .as(header)
          .isEqualTo("malformed");
    }
    Answer twice =
        world.raw(
            "GET", "/my/me", "Authorization: Bearer " + token, "Authorization: Bearer " + token);
    assertThat(twice.status()).isEqualTo(401);
    assertThat(twice.reason()).isEqualTo("malformed");
    assertThat(world.raw("GET", "/my/me", "Authorization: Bearer " + token).status())
        .isEqualTo(200);
    assertThat(world.raw("GET", "/my/me", "Authorization:").reason()).isEqualTo("missing");
  }

  @Accepts("S2.1")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/my/me",
        "/my/me/",
        "/MY/me",
        "/My/Me",
        "//my/me",
        "/my//me",
        "///my/me",
        "/./my/me",
        "/my/./me",
        "/x/../my/me",
        "/my/docs/../me",
        "/%6dy/me",
        "/m%79/me",
        "/my/%6de",
        "/%256dy/me",
        "/%2fmy/me",
        "/my%2fme",
        "/my%2Fme",
        "/my;a=b/me",
        "/my/me;a=b",
        "/;/my/me",
        "/my./me",
        "/my/me.",
        "/my%20/me",
        "/my/me%20",
        "/my%00/me",
        "/my/me%00",
        "/my\\me",
        "/%5cmy/me",
        "/my/docs;/../me",
        "/my/docs%2f..%2fme",
        "/my/openapi.json/../me",
        "/app/../my/me",
        "/auth/../my/me",
        "/%2e/my/me",
        "/x/%2e%2e/my/me",
        "/my/me?x=/my/docs",
        "/my/me#/my/docs",
      })
  void no_spelling_of_a_path_reaches_a_handler_without_a_token(String target) {
    Answer answer = world.raw("GET", target);
    assertThat(answer.status()).isIn(400, 401, 404);
    assertThat(answer.body()).doesNotContain("user_id");
  }

  @Test
  @Accepts("S2.1")
  void the_documentation_alone_is_let_through_and_only_as_it_is_spelled() {
    for (String open : List.of("/my/docs", "/my/openapi.json", "/", "/health")) {
      assertThat(world.raw("GET", open).status()).as(open).isNotEqualTo(401);
    }
    for (String closed :
        List.of(
            "/my/docs2", "/my/doc", "/my/Docs", "/my/openapi.yaml", "/my/openapi", "/my/DOCS")) {
      assertThat(world.raw("GET", closed).status()).as(closed).isEqualTo(401);
    }
  }

  @Test
  void an_oversized_token_is_refused() {
    String token = "a".repeat(TokenCheck.TOKEN_CHARS_MAX + 1);
    assertThat(world.stranger().with("Authorization", "Bearer " + token).get("/my/me").reason())
        .isEqualTo("malformed");
  }

  @Test
  void a_narrowed_token_opens_its_own_routes_alone() {
    var user = world.user().user();
    Client hands = world.bearing(user, world.tokens().narrowed(user, Set.of("hands")));
    assertThat(hands.get("/my/me").status()).isEqualTo(200);
    assertThat(hands.get("/my/projects").status()).isEqualTo(403);
    assertThat(hands.get("/admin/bus").status()).isEqualTo(403);
    assertThat(hands.get("/my/me").json().path("scopes").toString()).isEqualTo("[\"hands\"]");
    Client approve = world.bearing(user, world.tokens().narrowed(user, Set.of("approve")));
    assertThat(approve.get("/my/me").status()).isEqualTo(403);
  }

  @Test
  @Accepts("S2.6")
  void each_request_is_logged_once_with_who_what_where_and_never_with_the_token() {
    try (var log = Captured.of("dev.artel.access")) {
      Client user = world.user().with("X-Request-ID", "request-77");
      user.get("/my/me?token=hidden-word");
      String admitted = log.only("request-77");
      assertThat(admitted)
          .startsWith("INFO request")
          .contains(
              "user_id=" + user.user(),
              "method=GET",
              "path=/my/me",
              "millis=",
              "client_ip=127.0.0.1",
              "request_id=request-77")
          .doesNotContain("hidden-word");

      String bad = "eyJhbGciOiJIUzI1NiJ9.e30.c2VjcmV0LXNpZ25hdHVyZQ";
      world
          .stranger()
          .with("Authorization", "Bearer " + bad)
          .with("X-Request-ID", "request-78")
          .get("/my/me");
      assertThat(log.only("request-78"))
          .startsWith("WARN refused")
          .contains(
              "reason=signature",
              "user_id=null",
              "method=GET",
              "path=/my/me",
              "millis=",
              "client_ip=127.0.0.1",
              "request_id=request-78")
          .doesNotContain("eyJ", "c2VjcmV0");

      user.with("X-Request-ID", "request-79").get("/admin/bus");
      assertThat(log.only("request-79"))
          .startsWith("WARN refused")
          .contains("reason=FORBIDDEN", "user_id=" + user.user());
    }
  }
}
