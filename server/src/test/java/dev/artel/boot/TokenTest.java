package dev.artel.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.artel.base.CannotStart;
import dev.artel.protocol.UserId;
import dev.artel.testing.World;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TokenTest {
  private final World world = World.shared();
  private final String home = world.config().identity().home().toString();

  private String user(String token) {
    return world
        .bearing(new UserId(UUID.randomUUID()), token)
        .get("/my/me")
        .expect(200)
        .json()
        .path("user_id")
        .asString();
  }

  @Test
  void without_arguments_the_token_is_the_local_users() {
    String token = Token.made(List.of(), Map.of("ARTEL_HOME", home));
    assertThat(user(token)).isEqualTo(world.tokens().localUser().toString());
  }

  @Test
  void user_role_and_home_may_be_given_in_any_order() {
    String id = UUID.randomUUID().toString();
    String token =
        Token.made(
            List.of("--role", "system_admin", id, "--home", home), Map.of("ARTEL_HOME", "x"));
    assertThat(user(token)).isEqualTo(id);
    assertThat(world.bearing(new UserId(UUID.fromString(id)), token).get("/admin/nothing").status())
        .isEqualTo(404);
  }

  @Test
  void another_homes_token_is_worth_nothing_here(@TempDir Path other) {
    String token = Token.made(List.of("--home", other.toString()), Map.of());
    assertThat(world.stranger().with("Authorization", "Bearer " + token).get("/my/me").reason())
        .isEqualTo("signature");
  }

  @Test
  void what_does_not_fit_is_told_with_the_usage() {
    for (List<String> wrong :
        List.of(
            List.of("nobody"),
            List.of("--role"),
            List.of("--home"),
            List.of("--what"),
            List.of(UUID.randomUUID().toString(), UUID.randomUUID().toString()))) {
      assertThatThrownBy(() -> Token.made(wrong, Map.of("ARTEL_HOME", home)))
          .isInstanceOf(CannotStart.class)
          .hasMessageStartingWith("usage: ./dev token");
    }
  }

  @Test
  void where_an_issuer_signs_there_are_no_tokens_to_make() {
    assertThatThrownBy(() ->
            Token.made(
                List.of(),
                Map.of(
                    "ARTEL_MODE", "production",
                    "ARTEL_HOME", home,
                    "ARTEL_JWT_ALGORITHM", "RS256",
                    "ARTEL_JWT_JWKS_URL", "https://issuer.example/jwks.json")))
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("Artel cannot make any");
  }
}
