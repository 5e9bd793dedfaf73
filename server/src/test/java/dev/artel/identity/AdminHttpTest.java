package dev.artel.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.protocol.UserId;
import dev.artel.testing.Answer;
import dev.artel.testing.Client;
import dev.artel.testing.TestDatabase;
import dev.artel.testing.World;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class AdminHttpTest {
  private final World world = World.shared();
  private final Client admin = world.admin();

  private Client bearing(UserId user, String jti) {
    IdentitySettings settings = world.door(IdentitySettings.class);
    var claims = new HashMap<String, Object>();
    claims.put("sub", user.toString());
    claims.put("exp", System.currentTimeMillis() / 1000 + 600);
    claims.put("iat", System.currentTimeMillis() / 1000 - 5);
    claims.put("jti", jti);
    try {
      return world.bearing(
          user,
          Fixtures.signed(
              "{\"alg\":\"HS256\"}",
              claims,
              new com.nimbusds.jose.crypto.MACSigner(
                  DeveloperTokens.secrets(settings).getFirst())));
    } catch (com.nimbusds.jose.JOSEException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static UserId newId() {
    return new UserId(UUID.randomUUID());
  }

  @Test
  void an_administrator_ends_one_token() {
    UserId user = newId();
    String jti = UUID.randomUUID().toString();
    Client ended = bearing(user, jti);
    Client other = bearing(user, UUID.randomUUID().toString());
    ended.get("/my/me").expect(200);
    Answer answer =
        admin.post(
            "/admin/tokens/revoke", Map.of("jti", jti, "expires_at", "2100-01-01T00:00:00Z"));
    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.body()).isEmpty();
    assertThat(ended.get("/my/me").expect(401).reason()).isEqualTo("revoked");
    other.get("/my/me").expect(200);
  }

  @Test
  void an_administrator_ends_all_tokens_of_a_user() {
    UserId user = newId();
    Client old = bearing(user, UUID.randomUUID().toString());
    old.get("/my/me").expect(200);
    admin.post("/admin/tokens/revoke", Map.of("user_id", user)).expect(204);
    assertThat(old.get("/my/me").expect(401).reason()).isEqualTo("revoked");
    world.user(user).get("/my/me").expect(200);
  }

  @Test
  void a_revocation_names_either_a_token_or_a_user() {
    for (Object body :
        new Object[] {
          Map.of(),
          Map.of("jti", "a", "user_id", newId()),
          Map.of("jti", ""),
          Map.of("jti", "j".repeat(256)),
          Map.of("user_id", "nobody"),
          Map.of("jti", "a", "expires_at", "later"),
          Map.of("jti", "a", "expires_at", "+999999999-12-31T23:59:59Z"),
          Map.of("jti", "a", "expires_at", 0),
          Map.of("jti", "a", "expires_at", "0"),
          Map.of("jti", "a", "expires_at", ""),
          Map.of("jti", "a", "user_id", ""),
        }) {
      assertThat(admin.post("/admin/tokens/revoke", body).status())
          .as(String.valueOf(body))
          .isEqualTo(422);
    }
  }

  @Test
  void administration_is_closed_to_everyone_else() {
    UserId victim = newId();
    for (Client outsider : new Client[] {world.user(), world.user(newId(), "audit_viewer")}) {
      outsider.post("/admin/tokens/revoke", Map.of("user_id", victim)).expect(403);
      outsider.delete("/admin/users/" + victim).expect(403);
    }
    world.stranger().post("/admin/tokens/revoke", Map.of("user_id", victim)).expect(401);
    world.stranger().delete("/admin/users/" + victim).expect(401);
  }

  @Test
  void a_deleted_user_leaves_nothing_and_old_tokens_bring_nothing_back() {
    UserId user = newId();
    Client old = bearing(user, UUID.randomUUID().toString());
    old.get("/my/me").expect(200);
    UUID project = UUID.randomUUID();
    TestDatabase.db()
        .does(
            user,
            tx ->
                tx.sql("insert into user_projects (id, user_id, name) values (:id, :user, 'p')")
                    .param("id", project)
                    .param("user", user.value())
                    .update());

    admin.delete("/admin/users/" + user).expect(204);

    assertThat(old.get("/my/me").expect(401).reason()).isEqualTo("revoked");
    assertThat(rows(user, "users", "id")).isZero();
    assertThat(rows(user, "user_projects", "user_id")).isZero();

    world.user(user).get("/my/me").expect(200);
    assertThat(rows(user, "users", "id")).isEqualTo(1);
  }

  private static long rows(UserId user, String table, String column) {
    return TestDatabase.db()
        .read(
            user,
            tx ->
                tx.sql("select count(*) from %s where %s = :user".formatted(table, column))
                    .param("user", user.value())
                    .query(Long.class)
                    .single());
  }

  @Test
  void deleting_again_or_someone_unknown_is_no_error_but_a_malformed_id_is_not_found() {
    UserId unknown = newId();
    admin.delete("/admin/users/" + unknown).expect(204);
    admin.delete("/admin/users/" + unknown).expect(204);
    admin.delete("/admin/users/nobody").expect(404);
  }
}
