package dev.artel.http;

import dev.artel.base.Fault;
import dev.artel.protocol.ErrorCode;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which part of a list is wanted, in which order. Taken from `limit`, `offset`, `cursor`,
/// `sort_by` and `order`; values outside their range are refused with 400.
public record Paging(
    int limit, int offset, @Nullable String cursor, @Nullable String sortBy, boolean descending) {
  public static final int LIMIT_DEFAULT = 50;
  public static final int LIMIT_MAX = 100;
  private static final int OFFSET_MAX = 10_000_000;
  static final Set<String> PARAMETERS = Set.of("limit", "offset", "cursor", "sort_by", "order");

  static Paging of(HttpServletRequest request) {
    int limit = number(request, "limit", LIMIT_DEFAULT, 1, LIMIT_MAX);
    int offset = number(request, "offset", 0, 0, OFFSET_MAX);
    String order = request.getParameter("order");
    if (order != null && !order.equals("asc") && !order.equals("desc")) {
      throw Fault.of(ErrorCode.BAD_REQUEST, "order must be asc or desc.");
    }
    return new Paging(
        limit,
        offset,
        request.getParameter("cursor"),
        request.getParameter("sort_by"),
        "desc".equals(order));
  }

  private static int number(
      HttpServletRequest request, String name, int absent, int least, int most) {
    String text = request.getParameter(name);
    if (text == null) {
      return absent;
    }
    try {
      int value = Integer.parseInt(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException _) {
      // Answered below, like any other value outside the range.
    }
    throw Fault.of(
        ErrorCode.BAD_REQUEST, "%s must be a number from %d to %d.".formatted(name, least, most));
  }

  /// The SQL order: one of the allowed columns, or the default when none was asked for.
  ///
  /// @param allowed the fields a client may sort by, each the name of a column
  /// @param standard the whole `order by` list that applies without `sort_by`
  public String orderBy(List<String> allowed, String standard) {
    if (sortBy == null) {
      return standard;
    }
    if (!allowed.contains(sortBy)) {
      throw Fault.of(
              ErrorCode.INVALID_FILTER,
              "Cannot sort by %s; use one of %s.".formatted(sortBy, String.join(", ", allowed)))
          .with("field", sortBy);
    }
    return sortBy + (descending ? " desc" : " asc") + ", id";
  }
}
