package dev.artel.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.base.Ids;
import dev.artel.protocol.UserId;
import dev.artel.testing.Answer;
import dev.artel.testing.Client;
import dev.artel.testing.TestDatabase;
import dev.artel.testing.World;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class SignInHttpTest {
  private final World world = World.shared();
  private final Client page = world.stranger().with("Origin", world.base().toString());

  private String code() {
    URI link = world.door(Identity.class).link(world.base().resolve("/app/")).orElseThrow();
    assertThat(link.toString()).startsWith(world.base() + "/app/#code=");
    String code = link.getFragment().substring("code=".length());
    assertThat(code).hasSize(43);
    return code;
  }

  private Answer signIn() {
    return page.post("/auth/link", Map.of("code", code())).expect(200);
  }

  private String cookieName() {
    return "artel_refresh_" + world.base().getPort();
  }

  /// The value that the answer gives the refresh cookie.
  private String cookie(Answer answer) {
    String header = String.valueOf(answer.header("Set-Cookie"));
    assertThat(header).startsWith(cookieName() + "=");
    return header.substring(cookieName().length() + 1, header.indexOf(';'));
  }

  private Client holding(String cookie) {
    return page.with("Cookie", "other=1; " + cookieName() + "=" + cookie);
  }

  private static void isRefusedAsCode(Answer answer) {
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.reason()).isEqualTo("code");
    assertThat(answer.json().path("detail").asString()).isEqualTo("Invalid or expired token");
  }

  @Test
  void the_printed_link_signs_the_local_user_in_exactly_once() {
    String code = code();
    Answer answer = page.post("/auth/link", Map.of("code", code)).expect(200);
    String user = world.tokens().localUser().toString();
    assertThat(answer.json().path("token_type").asString()).isEqualTo("Bearer");
    assertThat(answer.json().path("expires_in").asInt()).isEqualTo(900);
    assertThat(answer.json().path("user_id").asString()).isEqualTo(user);
    assertThat(answer.json().has("refresh_token")).isFalse();
    assertThat(answer.header("Set-Cookie"))
        .contains("Path=/auth/refresh", "Max-Age=2592000", "HttpOnly", "SameSite=Strict")
        .doesNotContain("Domain", "Secure");
    assertThat(answer.header("Cache-Control")).contains("no-store");
    assertThat(answer.header("Access-Control-Allow-Origin")).isNull();

    String token = answer.json().path("access_token").asString();
    Answer me = world.stranger().with("Authorization", "Bearer " + token).get("/my/me").expect(200);
    assertThat(me.json().path("user_id").asString()).isEqualTo(user);

    isRefusedAsCode(page.post("/auth/link", Map.of("code", code)));
  }

  @Test
  void an_unknown_or_expired_code_signs_nobody_in() {
    isRefusedAsCode(page.post("/auth/link", Map.of("code", Hash.newSecret())));
    String code = code();
    TestDatabase.db()
        .unbound(tx ->
            tx.sql("update sign_in_codes set expires_at = artel_now() where code_hash = :hash")
                .param("hash", Hash.of(code))
                .update());
    isRefusedAsCode(page.post("/auth/link", Map.of("code", code)));
  }

  @Test
  void a_code_is_good_for_ten_minutes_and_stored_as_a_hash_alone() {
    String code = code();
    List<Boolean> rows =
        TestDatabase.db()
            .unbound(tx ->
                tx.sql(
                        """
                        select expires_at between artel_now() + interval '9 minutes 50 seconds'
                                              and artel_now() + interval '10 minutes' as fits
                          from sign_in_codes where code_hash = :hash
                        """)
                    .param("hash", Hash.of(code))
                    .query(Boolean.class)
                    .list());
    assertThat(rows).containsExactly(true);
  }

  @Test
  void a_malformed_body_is_answered_with_its_place() {
    assertThat(page.post("/auth/link", Map.of()).status()).isEqualTo(422);
    assertThat(page.post("/auth/link", Map.of("code", "")).status()).isEqualTo(422);
    assertThat(page.post("/auth/link", Map.of("code", 7)).status()).isEqualTo(422);
    assertThat(page.post("/auth/link", Map.of("code", "c".repeat(129))).status()).isEqualTo(422);
    assertThat(page.post("/auth/link", "{").status()).isEqualTo(400);
  }

  @Test
  void a_refresh_cookie_is_exchanged_at_each_use() {
    String first = cookie(signIn());
    Answer refreshed = holding(first).post("/auth/refresh", null).expect(200);
    String second = cookie(refreshed);
    assertThat(second).isNotEqualTo(first).hasSize(43);
    assertThat(refreshed.json().has("refresh_token")).isFalse();
    assertThat(refreshed.json().has("scopes")).isFalse();
    String token = refreshed.json().path("access_token").asString();
    world.stranger().with("Authorization", "Bearer " + token).get("/my/me").expect(200);
    holding(second).post("/auth/refresh", null).expect(200);
  }

  @Test
  void a_cookie_that_comes_twice_ends_its_family_and_no_other() {
    String bystander = cookie(signIn());
    String first = cookie(signIn());
    String second = cookie(holding(first).post("/auth/refresh", null).expect(200));

    Answer again = holding(first).post("/auth/refresh", null);

    isRefusedAsCode(again);
    assertThat(again.header("Set-Cookie")).contains("Max-Age=0");
    isRefusedAsCode(holding(second).post("/auth/refresh", null));
    holding(bystander).post("/auth/refresh", null).expect(200);
  }

  @Test
  void an_expired_or_unknown_cookie_or_none_is_refused() {
    String cookie = cookie(signIn());
    TestDatabase.db()
        .unbound(tx ->
            tx.sql("update refresh_tokens set expires_at = artel_now() where token_hash = :hash")
                .param("hash", Hash.of(cookie))
                .update());
    isRefusedAsCode(holding(cookie).post("/auth/refresh", null));
    isRefusedAsCode(holding(Hash.newSecret()).post("/auth/refresh", null));
    isRefusedAsCode(page.post("/auth/refresh", null));
    isRefusedAsCode(page.delete("/auth/refresh"));
  }

  @Test
  void signing_out_ends_everything_that_grew_from_the_link() {
    String first = cookie(signIn());
    String second = cookie(holding(first).post("/auth/refresh", null).expect(200));
    Answer out = holding(second).delete("/auth/refresh");
    assertThat(out.status()).isEqualTo(204);
    assertThat(out.header("Set-Cookie")).startsWith(cookieName() + "=;").contains("Max-Age=0");
    isRefusedAsCode(holding(second).post("/auth/refresh", null));
    isRefusedAsCode(holding(second).delete("/auth/refresh"));
  }

  @Test
  void only_artels_own_page_may_use_link_and_cookie() {
    int port = world.base().getPort();
    String code = code();
    String cookie = cookie(signIn());
    for (String origin :
        List.of(
            "http://localhost:" + (port + 1),
            "https://localhost:" + port,
            "http://localhost",
            "http://evil.example",
            "http://evil.example:" + port,
            "http://localhost:" + port + ".evil.example",
            "null",
            "")) {
      Client foreign = holding(cookie).with("Origin", origin);
      assertForbidden(foreign.post("/auth/link", Map.of("code", code)));
      assertForbidden(foreign.post("/auth/refresh", null));
      assertForbidden(foreign.delete("/auth/refresh"));
      assertForbidden(foreign.get("/auth/config"));
      assertForbidden(foreign.post("/auth/refresh", Map.of("refresh_token", cookie)));
    }
    Client silent = holding(cookie).without("Origin");
    assertForbidden(silent.post("/auth/link", Map.of("code", code)));
    assertForbidden(silent.post("/auth/refresh", null));
    assertForbidden(silent.delete("/auth/refresh"));
    silent.get("/auth/config").expect(200);

    // Nothing of that used anything up.
    for (String own : List.of("http://localhost:" + port, "http://[::1]:" + port)) {
      cookie = cookie(holding(cookie).with("Origin", own).post("/auth/refresh", null).expect(200));
    }
    page.post("/auth/link", Map.of("code", code)).expect(200);
  }

  private static void assertForbidden(Answer answer) {
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.json().path("error_code").asString()).isEqualTo("FORBIDDEN");
    assertThat(answer.headers().keySet()).noneMatch(name -> name.startsWith("access-control"));
  }

  @Test
  void a_paired_client_sends_its_token_in_the_body_and_keeps_its_scopes() {
    var user = new UserId(UUID.randomUUID());
    String first = Hash.newSecret();
    TestDatabase.db()
        .unbound(tx -> {
          SignInStore.addRefreshToken(
              tx,
              new SignInStore.Grant(user, Ids.system().next(), Set.of("hands", "approve")),
              Hash.of(first),
              SignIn.REFRESH_LIFE);
          return true;
        });

    Answer answer =
        world.stranger().post("/auth/refresh", Map.of("refresh_token", first)).expect(200);

    assertThat(answer.header("Set-Cookie")).isNull();
    assertThat(answer.json().path("user_id").asString()).isEqualTo(user.toString());
    assertThat(answer.json().path("scopes").toString()).isEqualTo("[\"approve\",\"hands\"]");
    String second = answer.json().path("refresh_token").asString();
    assertThat(second).isNotEqualTo(first).hasSize(43);
    Client hands = world.bearing(user, answer.json().path("access_token").asString());
    hands.get("/my/me").expect(200);
    assertThat(hands.get("/my/projects").status()).isEqualTo(403);

    Answer next =
        world.stranger().post("/auth/refresh", Map.of("refresh_token", second)).expect(200);
    assertThat(next.json().path("scopes")).isEqualTo(answer.json().path("scopes"));
    isRefusedAsCode(world.stranger().post("/auth/refresh", Map.of("refresh_token", second)));
    String third = next.json().path("refresh_token").asString();
    isRefusedAsCode(world.stranger().post("/auth/refresh", Map.of("refresh_token", third)));
  }

  @Test
  void a_revoked_user_has_no_way_to_a_new_token() {
    var user = new UserId(UUID.randomUUID());
    String token = Hash.newSecret();
    TestDatabase.db()
        .unbound(tx -> {
          SignInStore.addRefreshToken(
              tx,
              new SignInStore.Grant(user, Ids.system().next(), Set.of()),
              Hash.of(token),
              SignIn.REFRESH_LIFE);
          return true;
        });
    world.door(Identity.class).revokeAll(user);
    isRefusedAsCode(world.stranger().post("/auth/refresh", Map.of("refresh_token", token)));
  }

  @Test
  void everyone_may_ask_how_to_sign_in() {
    Answer answer = world.stranger().get("/auth/config").expect(200);
    assertThat(answer.body())
        .isEqualTo("{\"mode\":\"local\",\"sign_in\":[\"link\",\"token\"],\"issuer\":null}");
  }
}
