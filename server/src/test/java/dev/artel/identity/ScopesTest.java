package dev.artel.identity;

import static dev.artel.identity.Fixtures.reason;
import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.http.Caller;
import dev.artel.protocol.UserId;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ScopesTest {
  private static final String ID = "0198c5a2-7d5e-7c31-9a44-1f2e3d4c5b6a";

  @ParameterizedTest(name = "{0} {1} {2}: {3}")
  @CsvSource({
    "'', GET, /my/projects, accepted",
    "other, GET, /my/projects, accepted",
    "hands, GET, /my/me, accepted",
    "hands, GET, /my/me/, accepted",
    "hands, GET, /my/mex, FORBIDDEN",
    "hands, GET, /my/projects, FORBIDDEN",
    "hands, POST, /my/runners, accepted",
    "hands, GET, /my/runners/@/events, accepted",
    "hands, GET, /my/runnersx, FORBIDDEN",
    "hands, GET, /my/runners/../projects, FORBIDDEN",
    "hands, GET, /my/runners/%2e%2e/projects, FORBIDDEN",
    "hands, GET, /my/runners;/../projects, FORBIDDEN",
    "hands, POST, /my/tools/@/claim, accepted",
    "hands, POST, /my/tools/@/heartbeat, accepted",
    "hands, POST, /my/tools/@/preview, accepted",
    "hands, POST, /my/tools/@/output, accepted",
    "hands, POST, /my/tools/@/result, accepted",
    "hands, POST, /my/projects/@/tools/@/result, accepted",
    "hands, POST, /my/tools/@/cancel, FORBIDDEN",
    "hands, POST, /my/tools/@/confirm, FORBIDDEN",
    "hands, POST, /my/tools/execute, FORBIDDEN",
    "hands, GET, /my/events/@, accepted",
    "hands, GET, /my/projects/@/events/@, accepted",
    "hands, POST, /my/events/@, FORBIDDEN",
    "hands, GET, /my/events, FORBIDDEN",
    "hands, GET, /my/approvals, FORBIDDEN",
    "approve, GET, /my/approvals, accepted",
    "approve, POST, /my/projects/@/approvals/@/approve, accepted",
    "approve, POST, /my/approvals/batch-confirm, accepted",
    "approve, POST, /my/tools/@/confirm, accepted",
    "approve, POST, /my/tools/@/reject, accepted",
    "approve, POST, /my/tools/@/claim, FORBIDDEN",
    "approve, GET, /my/me, FORBIDDEN",
    "approve, GET, /my/approvalsx, FORBIDDEN",
    "hands approve, GET, /my/me, accepted",
    "hands approve, GET, /my/approvals, accepted",
    "hands approve, GET, /my/projects, FORBIDDEN",
  })
  void a_narrowed_token_opens_its_routes_and_no_other(
      String scopes, String method, String path, String expected) {
    assertThat(
            reason(
                () -> Scopes.check(caller(scopes), RequestPath.MY, method, path.replace("@", ID))))
        .isEqualTo(expected);
  }

  @Test
  void administration_needs_its_role_and_a_token_that_is_not_narrowed() {
    assertThat(reason(() -> admin(caller("")))).isEqualTo("FORBIDDEN");
    assertThat(reason(() -> admin(caller("", "user_manager")))).isEqualTo("FORBIDDEN");
    assertThat(reason(() -> admin(caller("", "system_admin")))).isEqualTo("accepted");
    assertThat(reason(() -> admin(caller("hands", "system_admin")))).isEqualTo("FORBIDDEN");
    assertThat(reason(() -> admin(caller("approve", "system_admin")))).isEqualTo("FORBIDDEN");
  }

  private static void admin(Caller caller) {
    Scopes.check(caller, RequestPath.ADMIN, "GET", "/admin/bus");
  }

  private static Caller caller(String scopes, String... roles) {
    return new Caller(
        new UserId(UUID.fromString(ID)),
        Set.of(roles),
        scopes.isEmpty() ? Set.of() : Set.copyOf(Arrays.asList(scopes.split(" ", -1))),
        null,
        null,
        Instant.EPOCH);
  }
}
