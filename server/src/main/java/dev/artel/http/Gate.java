package dev.artel.http;

import dev.artel.base.Fault;
import dev.artel.protocol.ErrorCode;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.web.filter.OncePerRequestFilter;

/// Lets in what is meant for this service and spelled plainly, and answers preflights: all before
/// anyone is asked who they are.
final class Gate extends OncePerRequestFilter {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  /// Spellings by which two readers of one path may see two different paths: empty and dot
  /// segments, parameters, and encoded slashes, dots, controls and escapes. No client of ours
  /// writes them.
  private static final Pattern AMBIGUOUS =
      Pattern.compile(
          "//|/\\.{1,2}(/|$)|[;\\\\]|%(2f|5c|2e|[01][0-9a-f]|7f|25[0-9a-f]{2})|\\./|\\.$",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern ESCAPED_FIRST_SEGMENT = Pattern.compile("/[^/]*%.*");

  private final HttpSettings settings;
  private final CrossOrigin crossOrigin;

  Gate(HttpSettings settings) {
    this.settings = settings;
    this.crossOrigin = new CrossOrigin(settings.cors());
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String path = request.getRequestURI();
    if (!hostIsOurs(request)) {
      throw Fault.of(
          ErrorCode.MISDIRECTED_REQUEST, "This service does not answer under that host name.");
    }
    boolean preflight = crossOrigin.answer(request, response);
    if (ambiguous(path)) {
      throw Fault.notFound("Not found");
    }
    if (request.getMethod().equals("TRACE")) {
      // The container would answer with the request's own headers, the token among them.
      throw Fault.of(ErrorCode.METHOD_NOT_ALLOWED, "TRACE is not allowed here.");
    }
    if (preflight) {
      response.setStatus(HttpServletResponse.SC_NO_CONTENT);
      return;
    }
    chain.doFilter(request, response);
  }

  static boolean ambiguous(String path) {
    if (AMBIGUOUS.matcher(path).find()) {
      return true;
    }
    int second = path.indexOf('/', 1);
    String first = second < 0 ? path : path.substring(0, second);
    return ESCAPED_FIRST_SEGMENT.matcher(first).matches();
  }

  private boolean hostIsOurs(HttpServletRequest request) {
    String host = request.getHeader("Host");
    if (settings.local()) {
      return host != null && loopback(host, request.getLocalPort());
    }
    return settings.allowedHosts().isEmpty() || (host != null && allowed(host));
  }

  private static boolean loopback(String host, int port) {
    String given = host.toLowerCase(Locale.ROOT);
    return LOOPBACK.stream().anyMatch(name -> given.equals(name + ":" + port))
        || (port == HTTP_PORT && LOOPBACK.contains(given));
  }

  private static final int HTTP_PORT = 80;

  private boolean allowed(String host) {
    String given = host.toLowerCase(Locale.ROOT);
    return settings.allowedHosts().contains(given)
        || settings.allowedHosts().contains(withoutPort(given));
  }

  private static String withoutPort(String host) {
    int colon = host.lastIndexOf(':');
    return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
  }
}
