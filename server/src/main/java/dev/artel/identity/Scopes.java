package dev.artel.identity;

import dev.artel.base.Fault;
import dev.artel.http.Caller;
import dev.artel.http.HandsRoutes;
import dev.artel.protocol.ErrorCode;
import java.util.regex.Pattern;

/// Decides what an authenticated caller may call: administration needs its role, and a token that
/// was narrowed opens a few routes and no other.
final class Scopes {
  static final String ADMIN_ROLE = "system_admin";
  private static final String HANDS = "hands";
  private static final String APPROVE = "approve";

  /// A narrowed token has no use for any other spelling.
  private static final Pattern PLAIN = Pattern.compile("(/[\\w-]+(\\.[\\w-]+)*)+/?");

  private static final Pattern APPROVE_ROUTES =
      Pattern.compile(
          "/my(/projects/[\\w-]+)?/approvals(/[\\w-]+)*/?|/my/tools/[\\w-]+/(confirm|reject)/?");

  private Scopes() {}

  /// @param target the path as it came, undecoded
  /// @throws Fault when the caller may not
  static void check(Caller caller, RequestPath protection, String method, String target) {
    boolean hands = caller.scopes().contains(HANDS);
    boolean approve = caller.scopes().contains(APPROVE);
    if (hands || approve) {
      boolean open =
          (hands && HandsRoutes.include(method, target))
              || (approve && APPROVE_ROUTES.matcher(target).matches());
      if (!open || !PLAIN.matcher(target).matches()) {
        throw Fault.of(ErrorCode.FORBIDDEN, "This token is narrowed to other routes.");
      }
    }
    if (protection == RequestPath.ADMIN && !caller.hasRole(ADMIN_ROLE)) {
      throw Fault.of(ErrorCode.FORBIDDEN, "This needs the role " + ADMIN_ROLE + ".");
    }
  }
}
