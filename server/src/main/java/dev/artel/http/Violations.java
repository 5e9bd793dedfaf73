package dev.artel.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.slf4j.MarkerFactory;

/// Where a suspected breach of the walls between users is reported: counted, and logged as loudly
/// as the log can. Reporting changes no answer.
public final class Violations {
  static final Marker CRITICAL = MarkerFactory.getMarker("CRITICAL");
  private static final Logger log = LoggerFactory.getLogger(Violations.class);
  private static final Pattern SECRET =
      Pattern.compile("auth|cookie|token|secret|key|code|password", Pattern.CASE_INSENSITIVE);
  private static final String MASK = "***";

  private final Counter counter;

  public Violations(MeterRegistry meters) {
    this.counter =
        Counter.builder("isolation.violations")
            .description("Suspected breaches of the walls between users")
            .register(meters);
  }

  /// @param what the sign that something is wrong, in a few words
  /// @param id what was touched
  public void suspected(HttpServletRequest request, Caller caller, String what, String id) {
    counter.increment();
    log.atError()
        .addMarker(CRITICAL)
        .addKeyValue("severity", "critical")
        .addKeyValue("what", what)
        .addKeyValue("id", id)
        .addKeyValue("user_id", caller.user())
        .addKeyValue("token_id", caller.tokenId())
        .addKeyValue("method", request.getMethod())
        .addKeyValue("path", request.getRequestURI())
        .addKeyValue("query", query(request))
        .addKeyValue("headers", headers(request))
        .addKeyValue("client_ip", Exchange.of(request).clientIp())
        .log("suspected breach of isolation; find out how the caller came to this id");
  }

  private static Map<String, List<String>> query(HttpServletRequest request) {
    var shown = new TreeMap<String, List<String>>();
    String query = request.getQueryString();
    if (query != null) {
      // Not getParameterMap, which would read a form from the body.
      for (String pair : query.split("&", -1)) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        shown
            .computeIfAbsent(name, _ -> new ArrayList<>())
            .add(secret(name) || equals < 0 ? MASK : pair.substring(equals + 1));
      }
    }
    return shown;
  }

  private static Map<String, List<String>> headers(HttpServletRequest request) {
    var shown = new TreeMap<String, List<String>>();
    for (String name : Collections.list(request.getHeaderNames())) {
      shown.put(name, secret(name) ? List.of(MASK) : Collections.list(request.getHeaders(name)));
    }
    return shown;
  }

  private static boolean secret(String name) {
    return SECRET.matcher(name).find();
  }
}
