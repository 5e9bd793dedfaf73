package dev.artel.http;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpField;

/// An answer that streams. Written straight to the servlet's stream, because the framework's own
/// streaming body no longer flushes line by line. Its head is set with the first byte: until then
/// the request can still be refused.
public final class StreamAnswer {
  private StreamAnswer() {}

  public static Sink to(HttpServletRequest request, HttpServletResponse response, String mediaType)
      throws IOException {
    ServletOutputStream out = response.getOutputStream();
    return new Sink() {
      private boolean begun;

      private void begin() {
        if (begun) {
          return;
        }
        begun = true;
        response.setStatus(200);
        response.setContentType(mediaType);
        response.setHeader("Cache-Control", "no-cache");
        keepAlive(request);
        response.setHeader("X-Accel-Buffering", "no");
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        begin();
        out.write(bytes, offset, length);
      }

      @Override
      public void flush() throws IOException {
        begin();
        out.flush();
      }
    };
  }

  /// Jetty leaves the header out where HTTP/1.1 implies it, but old proxies look for it. A field
  /// whose name Jetty does not look up passes as it is.
  private static void keepAlive(HttpServletRequest request) {
    if (!"HTTP/1.1".equals(request.getProtocol())
        || "close".equalsIgnoreCase(request.getHeader("Connection"))) {
      return;
    }
    ServletContextRequest.getServletContextRequest(request)
        .getServletContextResponse()
        .getHeaders()
        .add(new HttpField(null, "Connection", "keep-alive"));
  }
}
