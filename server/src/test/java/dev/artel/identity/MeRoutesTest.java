package dev.artel.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.http.Caller;
import dev.artel.http.MeSource;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.UserId;
import dev.artel.testing.World;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class MeRoutesTest {
  private final Caller caller =
      new Caller(
          new UserId(UUID.randomUUID()),
          Set.of("b", "a"),
          Set.of("hands", "approve"),
          null,
          null,
          Instant.EPOCH);

  private MeRoutes.Me me(MeSource... sources) {
    return new MeRoutes(Fixtures.settings(null, null, false), () -> List.of(sources)).me(caller);
  }

  @Test
  void what_nobody_tells_is_null_or_nothing() {
    assertThat(me())
        .isEqualTo(
            new MeRoutes.Me(
                caller.user(),
                List.of("a", "b"),
                List.of("approve", "hands"),
                "production",
                "test",
                null,
                null,
                Map.of(),
                0));
  }

  @Test
  void features_add_what_they_know_and_cannot_change_who_is_meant() {
    var project = new ProjectId(UUID.randomUUID());
    assertThat(
            me(
                who -> Map.of("default_project_id", project, "unknown", 1),
                who ->
                    Map.of(
                        "user_id",
                        UUID.randomUUID(),
                        "model",
                        Map.of("provider", "demo", "model", "demo", "demo", true)),
                who -> Map.of("limits", Map.of("message_bytes", 65536), "pending_approvals", 3)))
        .isEqualTo(
            new MeRoutes.Me(
                caller.user(),
                List.of("a", "b"),
                List.of("approve", "hands"),
                "production",
                "test",
                project,
                new MeRoutes.Me.Model("demo", "demo", true),
                Map.of("message_bytes", 65536),
                3));
  }

  @Test
  void the_service_answers_all_fields() {
    var client = World.shared().user();
    var me = client.get("/my/me").expect(200).json();
    assertThat(me.properties().stream().map(Map.Entry::getKey))
        .containsExactly(
            "user_id",
            "roles",
            "scopes",
            "mode",
            "version",
            "default_project_id",
            "model",
            "limits",
            "pending_approvals");
    assertThat(me.path("user_id").asString()).isEqualTo(client.user().toString());
    assertThat(me.path("mode").asString()).isEqualTo("local");
  }
}
