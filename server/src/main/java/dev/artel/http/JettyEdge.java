package dev.artel.http;

import dev.artel.base.Fault;
import dev.artel.base.Ids;
import dev.artel.protocol.ErrorCode;
import dev.artel.protocol.WireCodec;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import org.eclipse.jetty.ee11.webapp.WebAppContext;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

/// Sets Jetty's limits, and gives what Jetty itself refuses (a request that it cannot parse, a
/// header that is too large) the shape of every other error.
final class JettyEdge implements WebServerFactoryCustomizer<JettyServletWebServerFactory> {
  /// Request line and headers together.
  private static final int HEADER_BYTES_MAX = 16 * 1024;

  /// How long a request may go without a byte either way once its headers are there. Longer than
  /// the longest heartbeat and than a client may leave a stream's write unread: at Jetty's usual 30
  /// seconds a heartbeat that is under way just when they are over fails, and with it the stream.
  private static final Duration IDLE_MAX = Duration.ofMinutes(6);

  private final Ids ids;

  JettyEdge(Ids ids) {
    this.ids = ids;
  }

  @Override
  public void customize(JettyServletWebServerFactory factory) {
    factory.addServerCustomizers(this::customize);
  }

  private void customize(Server server) {
    for (Connector connector : server.getConnectors()) {
      for (var factory : connector.getConnectionFactories()) {
        if (factory instanceof HttpConnectionFactory http) {
          limit(http.getHttpConfiguration());
        }
      }
    }
    var errors = new Refusals(ids);
    server.setErrorHandler(errors);
    server.getDescendants(WebAppContext.class).forEach(context -> context.setErrorHandler(errors));
  }

  private static void limit(HttpConfiguration configuration) {
    configuration.setRequestHeaderSize(HEADER_BYTES_MAX);
    configuration.setIdleTimeout(IDLE_MAX.toMillis());
    configuration.setSendServerVersion(false);
    configuration.setUriCompliance(UriCompliance.DEFAULT);
  }

  /// What was refused before any filter saw it.
  private static final class Refusals extends ErrorHandler {
    private static final Map<Integer, Fault> FAULTS =
        Map.of(
            404, Fault.notFound("Not found"),
            405, Fault.of(ErrorCode.METHOD_NOT_ALLOWED, "This method is not allowed here."),
            413, Fault.of(ErrorCode.PAYLOAD_TOO_LARGE, "The body is too large."),
            414, Fault.of(ErrorCode.HEADERS_TOO_LARGE, "The URL is too long."),
            415, Fault.of(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "Send the body as application/json."),
            421, Fault.of(ErrorCode.MISDIRECTED_REQUEST, "This is not the host you look for."),
            431, Fault.of(ErrorCode.HEADERS_TOO_LARGE, "The headers are too large."),
            503, Fault.of(ErrorCode.SERVICE_UNAVAILABLE, "The service is stopping."));

    private final Ids ids;

    Refusals(Ids ids) {
      this.ids = ids;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      Fault fault = faultOf(response.getStatus());
      response.setStatus(Statuses.of(fault.code()));
      var headers = response.getHeaders();
      headers.put(HttpHeader.CONTENT_TYPE, "application/json;charset=utf-8");
      if (!headers.contains(Exchange.REQUEST_ID_HEADER)) {
        headers.put(
            Exchange.REQUEST_ID_HEADER,
            Exchange.requestId(request.getHeaders().get(Exchange.REQUEST_ID_HEADER), ids));
      }
      String path = request.getHttpURI().getPath();
      SecurityHeaders.set(path == null ? "/" : path, request.isSecure(), headers::put);
      response.write(
          true,
          ByteBuffer.wrap(WireCodec.json().writeValueAsBytes(Errors.body(fault, null))),
          callback);
      return true;
    }

    private static Fault faultOf(int status) {
      Fault known = FAULTS.get(status);
      if (known != null) {
        return known;
      }
      return status >= 500
          ? Errors.unexpected()
          : Fault.of(ErrorCode.BAD_REQUEST, "The request is not valid HTTP.");
    }
  }
}
