package dev.artel.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriComponentsBuilder;

/// A page of a list as every list route answers it: the named array, the totals, and where the
/// neighbours are.
public final class Listing {
  private Listing() {}

  /// @param name the array's name, such as `projects`
  /// @param total how many there are in all, under the same filters
  public static Map<String, Object> of(
      HttpServletRequest request, String name, List<?> items, long total, Paging paging) {
    return of(request, name, items, total, paging, null);
  }

  /// As above, with the cursor behind which the next page begins.
  public static Map<String, Object> of(
      HttpServletRequest request,
      String name,
      List<?> items,
      long total,
      Paging paging,
      @Nullable String nextCursor) {
    boolean byCursor = paging.cursor() != null;
    boolean hasNext = byCursor ? nextCursor != null : paging.offset() + (long) items.size() < total;
    var body = new LinkedHashMap<String, Object>();
    body.put(name, items);
    body.put("total", total);
    body.put("total_count", total);
    body.put("limit", paging.limit());
    body.put("offset", paging.offset());
    body.put("has_next", hasNext);
    body.put(
        "next_url",
        !hasNext
            ? null
            : byCursor
                ? link(request, "cursor", String.valueOf(nextCursor))
                : link(request, "offset", Long.toString(paging.offset() + (long) items.size())));
    body.put(
        "prev_url",
        byCursor || paging.offset() == 0
            ? null
            : link(
                request,
                "offset",
                Integer.toString(Math.max(0, paging.offset() - paging.limit()))));
    body.put("next_cursor", nextCursor);
    return body;
  }

  private static String link(HttpServletRequest request, String parameter, String value) {
    var uri = UriComponentsBuilder.fromPath(request.getRequestURI());
    request
        .getParameterMap()
        .forEach((name, values) -> {
          if (!name.equals(parameter)) {
            uri.queryParam(name, (Object[]) values);
          }
        });
    return uri.queryParam(parameter, value).encode().build().toUriString();
  }
}
