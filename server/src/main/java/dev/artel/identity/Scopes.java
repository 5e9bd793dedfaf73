package dev.artel.identity;

import dev.artel.base.Fault;
import dev.artel.http.Caller;
import dev.artel.protocol.ErrorCode;
import java.util.regex.Pattern;

/// Decides what an authenticated caller may call: administration needs its role, and a token that
/// was narrowed opens a few routes and no other.
final class Scopes {
  static final String ADMIN_ROLE = "system_admin";
  private static final String HANDS = "hands";
  private static final String APPROVE = "approve";

  // Written for the path as it came: a narrowed token has no use for any other spelling.
  private static final Pattern HANDS_ROUTES =
      Pattern.compile(
          "/my/me|/my/runners(/[\\w-]+)*"
              + "|/my(/projects/[\\w-]+)?/tools/[\\w-]+/(claim|heartbeat|preview|output|result)");
  private static final Pattern HANDS_READS =
      Pattern.compile("/my(/projects/[\\w-]+)?/events/[0-9a-fA-F-]{36}");
  private static final Pattern APPROVE_ROUTES =
      Pattern.compile(
          "/my(/projects/[\\w-]+)?/approvals(/[\\w-]+)*|/my/tools/[\\w-]+/(confirm|reject)");

  private Scopes() {}

  /// @param target the path as it came, undecoded
  /// @throws Fault when the caller may not
  static void check(Caller caller, RequestPath protection, String method, String target) {
    boolean hands = caller.scopes().contains(HANDS);
    boolean approve = caller.scopes().contains(APPROVE);
    if (hands || approve) {
      String path = target.endsWith("/") ? target.substring(0, target.length() - 1) : target;
      boolean open =
          (hands && HANDS_ROUTES.matcher(path).matches())
              || (hands && method.equals("GET") && HANDS_READS.matcher(path).matches())
              || (approve && APPROVE_ROUTES.matcher(path).matches());
      if (!open) {
        throw Fault.of(ErrorCode.FORBIDDEN, "This token is narrowed to other routes.");
      }
    }
    if (protection == RequestPath.ADMIN && !caller.hasRole(ADMIN_ROLE)) {
      throw Fault.of(ErrorCode.FORBIDDEN, "This needs the role " + ADMIN_ROLE + ".");
    }
  }
}
