package dev.artel.http;

import dev.artel.base.Ids;
import dev.artel.protocol.UserId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.net.InetAddress;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What the edge knows of one request before anyone else sees it. Travels as an attribute.
///
/// @param secure whether the client's own connection is encrypted, as far as can be known
public record Exchange(String requestId, String traceId, String clientIp, boolean secure) {
  static final String REQUEST_ID_HEADER = "X-Request-ID";

  private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._-]{1,128}");
  private static final Pattern TRACEPARENT =
      Pattern.compile(
          "(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?");

  static Exchange begin(HttpServletRequest request, Ids ids, List<Network> trustedProxies) {
    boolean viaProxy = trusted(request.getRemoteAddr(), trustedProxies);
    var exchange =
        new Exchange(
            requestId(request.getHeader(REQUEST_ID_HEADER), ids),
            traceId(request.getHeader("traceparent"), ids),
            viaProxy ? clientBehind(request, trustedProxies) : request.getRemoteAddr(),
            request.isSecure()
                || (viaProxy && "https".equalsIgnoreCase(request.getHeader("X-Forwarded-Proto"))));
    request.setAttribute(Exchange.class.getName(), exchange);
    return exchange;
  }

  /// What the edge knows of this request.
  public static Exchange of(HttpServletRequest request) {
    if (request.getAttribute(Exchange.class.getName()) instanceof Exchange exchange) {
      return exchange;
    }
    throw new IllegalStateException("the request did not pass the edge");
  }

  /// Why a request was not let in, and whose it was as far as that is known; the request's line in
  /// the log tells it.
  record Refused(String reason, @Nullable UserId user) {
    static @Nullable Refused of(HttpServletRequest request) {
      return request.getAttribute(Refused.class.getName()) instanceof Refused refused
          ? refused
          : null;
    }
  }

  /// Notes that the request was not let in.
  public static void refused(HttpServletRequest request, String reason, @Nullable UserId user) {
    request.setAttribute(Refused.class.getName(), new Refused(reason, user));
  }

  /// The request as it would be without proxies between: who sent it, and whether privately.
  HttpServletRequest seen(HttpServletRequest request) {
    if (clientIp.equals(request.getRemoteAddr()) && secure == request.isSecure()) {
      return request;
    }
    return new HttpServletRequestWrapper(request) {
      @Override
      public String getRemoteAddr() {
        return clientIp;
      }

      @Override
      public boolean isSecure() {
        return secure;
      }
    };
  }

  /// The client's own id when it is harmless in a log and in a header, else a new one.
  static String requestId(@Nullable String given, Ids ids) {
    return given != null && REQUEST_ID.matcher(given).matches() ? given : ids.next().toString();
  }

  private static String traceId(@Nullable String traceparent, Ids ids) {
    if (traceparent != null) {
      var parts = TRACEPARENT.matcher(traceparent);
      if (parts.matches()) {
        return parts.group(1);
      }
    }
    return ids.next().toString().replace("-", "");
  }

  /// The nearest address that is not a proxy of ours: what stands to the left of it was written by
  /// the client and proves nothing.
  private static String clientBehind(HttpServletRequest request, List<Network> trustedProxies) {
    String nearest = request.getRemoteAddr();
    var forwarded = request.getHeaders("X-Forwarded-For");
    var hops = new java.util.ArrayList<String>();
    while (forwarded.hasMoreElements()) {
      hops.addAll(List.of(forwarded.nextElement().split(",", -1)));
    }
    for (String hop : hops.reversed()) {
      String address = hop.strip();
      if (literal(address) == null) {
        return nearest;
      }
      nearest = address;
      if (!trusted(address, trustedProxies)) {
        return nearest;
      }
    }
    return nearest;
  }

  private static boolean trusted(String address, List<Network> networks) {
    InetAddress parsed = networks.isEmpty() ? null : literal(address);
    return parsed != null && networks.stream().anyMatch(network -> network.contains(parsed));
  }

  private static @Nullable InetAddress literal(String address) {
    try {
      return InetAddress.ofLiteral(address);
    } catch (IllegalArgumentException _) {
      return null;
    }
  }
}
