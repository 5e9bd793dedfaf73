package dev.artel.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.testing.World;
import org.junit.jupiter.api.Test;

final class BearerFilterHttpTest {
  private final World world = World.shared();

  @Test
  void a_protected_path_needs_a_token_whether_or_not_it_exists() {
    var answer = world.stranger().get("/my/nothing");
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.reason()).isEqualTo("missing");
    assertThat(world.user().get("/my/nothing").status()).isEqualTo(404);
  }
}
