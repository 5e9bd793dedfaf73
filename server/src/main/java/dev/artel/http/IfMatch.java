package dev.artel.http;

import dev.artel.base.Fault;
import dev.artel.protocol.ErrorCode;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Which version of a thing a writer has seen, from the header `If-Match`. Without the header the
/// last writer wins.
public record IfMatch(@Nullable String header) {
  /// The header's name.
  public static final String NAME = "If-Match";

  /// Any version will do.
  public static final IfMatch ANY = new IfMatch(null);

  /// Refuses a write that was made for another version. To be called under the row's lock.
  public void check(int version) {
    if (header == null) {
      return;
    }
    String current = tag(version);
    boolean seen =
        Arrays.stream(header.split(",", -1))
            .map(String::strip)
            .anyMatch(one -> one.equals("*") || one.equals(current));
    if (!seen) {
      throw Fault.of(
              ErrorCode.PRECONDITION_FAILED,
              "It was changed meanwhile and is now %s; read it again before writing."
                  .formatted(current))
          .with("current", current);
    }
  }

  /// Tells the version in the header `ETag`. Set on the response itself: what is told with it may
  /// hold more than the version covers (a status, a queue), so a 304 would lie.
  public static void tell(HttpServletResponse response, int version) {
    response.setHeader("ETag", tag(version));
  }

  private static String tag(int version) {
    return "\"v" + version + "\"";
  }
}
